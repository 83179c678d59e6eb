package io.innerspan.extension;

import io.innerspan.extension.saliency.SaliencySettings;
import io.innerspan.signals.saliency.Baseline;
import io.innerspan.signals.saliency.SaliencyMethod;
import io.opentelemetry.api.incubator.config.DeclarativeConfigProperties;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Reads the settings about explaining inferences; a wrong one has its default, and is said. */
final class SaliencyProperties {
  private static final Logger LOGGER = Logger.getLogger(SaliencyProperties.class.getName());
  private static final long MEGABYTE = 1L << 20;
  private static final long MOST_MEGABYTES = 1L << 24;

  static SaliencySettings read(DeclarativeConfigProperties properties, double rate) {
    return new SaliencySettings(
        rate,
        properties.getBoolean(
            Setting.SALIENCY_ON_DEMAND.key(),
            Boolean.parseBoolean(Setting.SALIENCY_ON_DEMAND.defaultValue())),
        parsed(properties, Setting.SALIENCY_METHOD, SaliencyMethod::of),
        parsed(properties, Setting.SALIENCY_BASELINE, Baseline::of),
        MEGABYTE * megabytes(properties),
        directory(properties));
  }

  private static <T> T parsed(
      DeclarativeConfigProperties properties, Setting setting, Function<String, T> parse) {
    String value = properties.getString(setting.key(), setting.defaultValue()).trim();
    try {
      return parse.apply(value);
    } catch (IllegalArgumentException e) {
      wrong(setting, String.valueOf(e.getMessage()));
      return parse.apply(setting.defaultValue());
    }
  }

  private static long megabytes(DeclarativeConfigProperties properties) {
    long standard = Long.parseLong(Setting.SALIENCY_MEMORY.defaultValue());
    long value = properties.getLong(Setting.SALIENCY_MEMORY.key(), standard);
    if (value >= 0 && value <= MOST_MEGABYTES) {
      return value;
    }
    wrong(Setting.SALIENCY_MEMORY, "expected 0 to " + MOST_MEGABYTES + ", found " + value);
    return standard;
  }

  private static @Nullable Path directory(DeclarativeConfigProperties properties) {
    Setting setting = Setting.SALIENCY_DIRECTORY;
    String value = properties.getString(setting.key(), setting.defaultValue()).trim();
    try {
      return value.isEmpty() ? null : Path.of(value);
    } catch (InvalidPathException e) {
      wrong(setting, "expected a path, found " + value);
      return null;
    }
  }

  private static void wrong(Setting setting, String detail) {
    LOGGER.warning(
        "Innerspan: " + setting.systemProperty() + ": " + detail + "; the default holds");
  }

  private SaliencyProperties() {}
}
