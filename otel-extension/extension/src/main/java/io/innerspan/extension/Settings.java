package io.innerspan.extension;

import io.innerspan.extension.canary.CanarySettings;
import io.innerspan.extension.delivery.DeliverySettings;
import io.innerspan.extension.governor.GovernorSettings;
import io.innerspan.extension.saliency.SaliencySettings;
import io.innerspan.recorder.CohortKey;
import io.innerspan.recorder.CohortSettings;
import io.innerspan.recorder.RecorderSettings;
import io.innerspan.recorder.Runbooks;
import io.innerspan.recorder.content.ContentSettings;
import io.opentelemetry.api.incubator.config.DeclarativeConfigProperties;
import java.nio.file.Path;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * What the user set, in whichever of the three ways.
 *
 * @param enabled whether Innerspan does anything
 * @param packs where packs lie, or null
 * @param monitorsFile where monitors over those of the packs lie, or null
 * @param recorder what is recorded
 * @param sampling how much signals behind gates may cost
 * @param samplingOnDemand whether baggage can ask for all signals
 * @param samplingStrict whether the budget holds for linear probes and norms as well
 * @param saliency which inferences are explained, and how
 * @param canaries how often recorded inputs are replayed
 * @param delivery where telemetry waits that its receiver does not take, or null
 * @param content what becomes of text
 * @param anyModel whether models that no pack is for are read too
 * @param anyExecutionProvider whether providers other than the CPU's are grafted
 * @param modelFilesImmutable whether weights may be mapped from models' own files
 */
record Settings(
    boolean enabled,
    @Nullable String packs,
    @Nullable String monitorsFile,
    RecorderSettings recorder,
    GovernorSettings sampling,
    boolean samplingOnDemand,
    boolean samplingStrict,
    SaliencySettings saliency,
    CanarySettings canaries,
    @Nullable DeliverySettings delivery,
    ContentSettings content,
    boolean anyModel,
    boolean anyExecutionProvider,
    boolean modelFilesImmutable) {

  private static final long MOST_COHORTS = 500;
  private static final Logger LOGGER = Logger.getLogger(Settings.class.getName());

  /** Reads the settings of {@code innerspan}; a missing one has its default. */
  static Settings of(DeclarativeConfigProperties properties) {
    return new Settings(
        flag(properties, Setting.ENABLED),
        path(properties, Setting.PACKS),
        path(properties, Setting.MONITORS_FILE),
        new RecorderSettings(
            flag(properties, Setting.SPANS),
            flag(properties, Setting.METRICS),
            flag(properties, Setting.EVENTS),
            flag(properties, Setting.ATTENTION_HEADS),
            flag(properties, Setting.PHASES),
            cohorts(properties),
            runbooks(properties)),
        new GovernorSettings(
            number(properties, Setting.SAMPLING_RATE), number(properties, Setting.SAMPLING_BUDGET)),
        flag(properties, Setting.SAMPLING_ON_DEMAND),
        flag(properties, Setting.SAMPLING_STRICT),
        SaliencyProperties.read(properties, number(properties, Setting.SALIENCY_RATE)),
        new CanarySettings(
            SettingValues.seconds(properties, Setting.CANARY_PERIOD),
            number(properties, Setting.CANARY_BUDGET)),
        delivery(properties),
        ContentProperties.read(properties),
        flag(properties, Setting.ANY_MODEL),
        flag(properties, Setting.ANY_EXECUTION_PROVIDER),
        flag(properties, Setting.MODEL_FILES_IMMUTABLE));
  }

  private static @Nullable DeliverySettings delivery(DeclarativeConfigProperties properties) {
    Path directory = SettingValues.directory(properties, Setting.DELIVERY_DIRECTORY);
    return directory == null
        ? null
        : new DeliverySettings(
            directory,
            SettingValues.megabytes(properties, Setting.DELIVERY_DISK),
            SettingValues.megabytes(properties, Setting.DELIVERY_MEMORY));
  }

  private static @Nullable String path(DeclarativeConfigProperties properties, Setting setting) {
    String path = properties.getString(setting.key(), setting.defaultValue());
    return path.isBlank() ? null : path.trim();
  }

  private static boolean flag(DeclarativeConfigProperties properties, Setting setting) {
    return properties.getBoolean(setting.key(), Boolean.parseBoolean(setting.defaultValue()));
  }

  /** What is wrong has its default, and is said. */
  private static CohortSettings cohorts(DeclarativeConfigProperties properties) {
    long standard = Long.parseLong(Setting.COHORT_LIMIT.defaultValue());
    long limit = properties.getLong(Setting.COHORT_LIMIT.key(), standard);
    if (limit < 1 || limit > MOST_COHORTS) {
      wrong(Setting.COHORT_LIMIT, "expected 1 to " + MOST_COHORTS + ", found " + limit);
      limit = standard;
    }
    String keys = properties.getString(Setting.COHORTS.key(), Setting.COHORTS.defaultValue());
    try {
      return new CohortSettings(CohortKey.list(keys), (int) limit);
    } catch (IllegalArgumentException e) {
      wrong(Setting.COHORTS, String.valueOf(e.getMessage()));
      return CohortSettings.NONE;
    }
  }

  /** What is wrong has its default, and is said. */
  private static Runbooks runbooks(DeclarativeConfigProperties properties) {
    String text = properties.getString(Setting.RUNBOOKS.key(), Setting.RUNBOOKS.defaultValue());
    try {
      return Runbooks.at(text);
    } catch (IllegalArgumentException e) {
      wrong(Setting.RUNBOOKS, String.valueOf(e.getMessage()));
      return Runbooks.NONE;
    }
  }

  private static void wrong(Setting setting, String detail) {
    LOGGER.warning(
        "Innerspan: " + setting.systemProperty() + ": " + detail + "; the default holds");
  }

  /** A share; one that is none has its default, and is said. */
  private static double number(DeclarativeConfigProperties properties, Setting setting) {
    double standard = Double.parseDouble(setting.defaultValue());
    double value = SettingValues.number(properties, setting.key(), standard);
    if (value >= 0 && value <= 1) {
      return value;
    }
    LOGGER.warning(
        "Innerspan: "
            + setting.systemProperty()
            + ": expected a number from 0 to 1, found "
            + value
            + "; the default "
            + standard
            + " holds");
    return standard;
  }
}
