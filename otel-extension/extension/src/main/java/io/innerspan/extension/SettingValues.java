package io.innerspan.extension;

import io.opentelemetry.api.incubator.config.DeclarativeConfigProperties;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Reads settings of the types that several have; a wrong one has its default, and is said. */
final class SettingValues {
  private static final Logger LOGGER = Logger.getLogger(SettingValues.class.getName());
  private static final long MEGABYTE = 1L << 20;
  private static final long MOST_MEGABYTES = 1L << 24;
  private static final long MOST_SECONDS = 31L * 24 * 3600;

  /** A number of megabytes, as bytes. */
  static long megabytes(DeclarativeConfigProperties properties, Setting setting) {
    long standard = Long.parseLong(setting.defaultValue());
    long value = properties.getLong(setting.key(), standard);
    if (value >= 0 && value <= MOST_MEGABYTES) {
      return MEGABYTE * value;
    }
    wrong(setting, "expected 0 to " + MOST_MEGABYTES + ", found " + value);
    return MEGABYTE * standard;
  }

  /** A number of seconds. */
  static double seconds(DeclarativeConfigProperties properties, Setting setting) {
    double standard = Double.parseDouble(setting.defaultValue());
    double value = number(properties, setting.key(), standard);
    if (value >= 0 && value <= MOST_SECONDS) {
      return value;
    }
    wrong(setting, "expected 0 to " + MOST_SECONDS + ", found " + value);
    return standard;
  }

  /** A number that may be written without a point, which in YAML is another type. */
  static double number(DeclarativeConfigProperties properties, String key, double standard) {
    Double value = properties.getDouble(key);
    Long whole = value == null ? properties.getLong(key) : null;
    return value != null ? value : whole != null ? whole : standard;
  }

  /** A folder; null when none is set. */
  static @Nullable Path directory(DeclarativeConfigProperties properties, Setting setting) {
    String value = properties.getString(setting.key(), setting.defaultValue()).trim();
    try {
      return value.isEmpty() ? null : Path.of(value);
    } catch (InvalidPathException e) {
      wrong(setting, "expected a path, found " + value);
      return null;
    }
  }

  /** Says that a setting is wrong. */
  static void wrong(Setting setting, String detail) {
    LOGGER.warning(
        "Innerspan: " + setting.systemProperty() + ": " + detail + "; the default holds");
  }

  private SettingValues() {}
}
