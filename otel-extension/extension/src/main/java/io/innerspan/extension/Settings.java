package io.innerspan.extension;

import io.innerspan.recorder.RecorderSettings;
import io.opentelemetry.api.incubator.config.DeclarativeConfigProperties;
import org.jspecify.annotations.Nullable;

/**
 * What the user set, in whichever of the three ways.
 *
 * @param enabled whether Innerspan does anything
 * @param packs where packs lie, or null
 * @param recorder what is recorded
 * @param anyExecutionProvider whether providers other than the CPU's are grafted
 */
record Settings(
    boolean enabled,
    @Nullable String packs,
    RecorderSettings recorder,
    boolean anyExecutionProvider) {

  /** Reads the settings of {@code innerspan}; a missing one has its default. */
  static Settings of(DeclarativeConfigProperties properties) {
    String packs = properties.getString(Setting.PACKS.key(), Setting.PACKS.defaultValue());
    return new Settings(
        flag(properties, Setting.ENABLED),
        packs.isBlank() ? null : packs.trim(),
        new RecorderSettings(
            flag(properties, Setting.SPANS),
            flag(properties, Setting.METRICS),
            flag(properties, Setting.EVENTS)),
        flag(properties, Setting.ANY_EXECUTION_PROVIDER));
  }

  private static boolean flag(DeclarativeConfigProperties properties, Setting setting) {
    return properties.getBoolean(setting.key(), Boolean.parseBoolean(setting.defaultValue()));
  }
}
