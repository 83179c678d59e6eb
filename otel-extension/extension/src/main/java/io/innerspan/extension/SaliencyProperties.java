package io.innerspan.extension;

import io.innerspan.extension.saliency.SaliencySettings;
import io.innerspan.signals.saliency.Baseline;
import io.innerspan.signals.saliency.SaliencyMethod;
import io.opentelemetry.api.incubator.config.DeclarativeConfigProperties;
import java.util.function.Function;

/** Reads the settings about explaining inferences; a wrong one has its default, and is said. */
final class SaliencyProperties {
  static SaliencySettings read(DeclarativeConfigProperties properties, double rate) {
    return new SaliencySettings(
        rate,
        properties.getBoolean(
            Setting.SALIENCY_ON_DEMAND.key(),
            Boolean.parseBoolean(Setting.SALIENCY_ON_DEMAND.defaultValue())),
        parsed(properties, Setting.SALIENCY_METHOD, SaliencyMethod::of),
        parsed(properties, Setting.SALIENCY_BASELINE, Baseline::of),
        SettingValues.megabytes(properties, Setting.SALIENCY_MEMORY),
        SettingValues.directory(properties, Setting.SALIENCY_DIRECTORY));
  }

  private static <T> T parsed(
      DeclarativeConfigProperties properties, Setting setting, Function<String, T> parse) {
    String value = properties.getString(setting.key(), setting.defaultValue()).trim();
    try {
      return parse.apply(value);
    } catch (IllegalArgumentException e) {
      SettingValues.wrong(setting, String.valueOf(e.getMessage()));
      return parse.apply(setting.defaultValue());
    }
  }

  private SaliencyProperties() {}
}
