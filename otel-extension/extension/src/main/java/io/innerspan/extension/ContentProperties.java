package io.innerspan.extension;

import io.innerspan.recorder.content.ContentMode;
import io.innerspan.recorder.content.ContentPolicy;
import io.innerspan.recorder.content.ContentSettings;
import io.opentelemetry.api.incubator.config.DeclarativeConfigProperties;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the settings about text. A wrong one is said, and switches content off: what the user
 * wanted kept in the process must not leave it because of a typing error.
 */
final class ContentProperties {
  private static final Logger LOGGER = Logger.getLogger(ContentProperties.class.getName());
  private static final Pattern RETENTION = Pattern.compile("[A-Za-z0-9_.-]{1,32}");
  private static final int LONGEST = 1 << 16;

  private final DeclarativeConfigProperties properties;
  private boolean wrong;

  private ContentProperties(DeclarativeConfigProperties properties) {
    this.properties = properties;
  }

  static ContentSettings read(DeclarativeConfigProperties properties) {
    return new ContentProperties(properties).read();
  }

  private ContentSettings read() {
    ContentSettings read =
        new ContentSettings(
            mode(),
            limit(),
            rate(),
            retention(),
            path(Setting.CONTENT_PATTERNS),
            path(Setting.CONTENT_REDACTORS),
            path(Setting.CONTENT_SALT));
    return wrong ? ContentSettings.OFF : read;
  }

  /** The policy of settings; off, with one line, when a file that they name is not right. */
  static ContentPolicy policy(ContentSettings settings) {
    try {
      return ContentPolicy.of(settings);
    } catch (IOException | RuntimeException e) {
      LOGGER.warning("Innerspan: content is off: " + e.getMessage());
      return ContentPolicy.off();
    }
  }

  private ContentMode mode() {
    String value = text(Setting.CONTENT);
    try {
      return ContentMode.of(value);
    } catch (IllegalArgumentException e) {
      wrong(Setting.CONTENT, String.valueOf(e.getMessage()));
      return ContentMode.OFF;
    }
  }

  private int limit() {
    long standard = Long.parseLong(Setting.CONTENT_LIMIT.defaultValue());
    long value = properties.getLong(Setting.CONTENT_LIMIT.key(), standard);
    if (value >= 1 && value <= LONGEST) {
      return (int) value;
    }
    wrong(Setting.CONTENT_LIMIT, "expected 1 to " + LONGEST + ", found " + value);
    return (int) standard;
  }

  private double rate() {
    double standard = Double.parseDouble(Setting.CONTENT_RATE.defaultValue());
    double value = properties.getDouble(Setting.CONTENT_RATE.key(), standard);
    if (value >= 0 && value <= 1) {
      return value;
    }
    wrong(Setting.CONTENT_RATE, "expected a number from 0 to 1, found " + value);
    return standard;
  }

  private String retention() {
    String value = text(Setting.CONTENT_RETENTION);
    if (!RETENTION.matcher(value).matches()) {
      wrong(
          Setting.CONTENT_RETENTION,
          "expected 1 to 32 of letters, digits and _ . -, found " + value);
    }
    return value;
  }

  private @Nullable Path path(Setting setting) {
    String value = text(setting);
    try {
      return value.isEmpty() ? null : Path.of(value);
    } catch (InvalidPathException e) {
      wrong(setting, "expected a path, found " + value);
      return null;
    }
  }

  private String text(Setting setting) {
    return properties.getString(setting.key(), setting.defaultValue()).trim();
  }

  private void wrong(Setting setting, String detail) {
    wrong = true;
    LOGGER.warning("Innerspan: " + setting.systemProperty() + ": " + detail + "; content is off");
  }
}
