package io.innerspan.extension;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.extension.canary.CanarySettings;
import io.innerspan.extension.delivery.DeliverySettings;
import io.innerspan.extension.governor.GovernorSettings;
import io.innerspan.extension.saliency.SaliencySettings;
import io.innerspan.recorder.CohortKey;
import io.innerspan.recorder.CohortSettings;
import io.innerspan.recorder.RecorderSettings;
import io.innerspan.recorder.Runbooks;
import io.innerspan.recorder.content.ContentMode;
import io.innerspan.recorder.content.ContentSettings;
import io.innerspan.signals.saliency.Baseline;
import io.innerspan.signals.saliency.SaliencyMethod;
import io.opentelemetry.api.incubator.config.DeclarativeConfigProperties;
import io.opentelemetry.common.ComponentLoader;
import io.opentelemetry.sdk.autoconfigure.declarativeconfig.YamlDeclarativeConfigProperties;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {
  private static final Settings DEFAULTS =
      new Settings(
          true,
          null,
          null,
          new RecorderSettings(true, true, true, false, false),
          new GovernorSettings(0.002, 0.02),
          false,
          false,
          saliency(0, false),
          new CanarySettings(300, 0.005),
          null,
          ContentSettings.OFF,
          false,
          false,
          false);

  @Test
  void of_nothingSet_givesTheDefaults() {
    assertThat(Settings.of(DeclarativeConfigProperties.empty())).isEqualTo(DEFAULTS);
    assertThat(of(Map.of())).isEqualTo(DEFAULTS);
  }

  @Test
  void of_everythingSet_givesWhatIsSet() {
    assertThat(
            of(
                Map.ofEntries(
                    Map.entry("enabled", false),
                    Map.entry("packs", "/srv/packs"),
                    Map.entry("monitors_file", "/srv/monitors.json"),
                    Map.entry("runbooks", "https://wiki.example.com/{kind}"),
                    Map.entry("spans", false),
                    Map.entry("metrics", false),
                    Map.entry("events", false),
                    Map.entry("phases", true),
                    Map.entry("attention_heads", true),
                    Map.entry("cohorts", " baggage:tier "),
                    Map.entry("cohort_limit", 7),
                    Map.entry("sampling_rate", 0.25),
                    Map.entry("sampling_budget", 0.5),
                    Map.entry("sampling_on_demand", true),
                    Map.entry("sampling_strict", true),
                    Map.entry("saliency_rate", 0.125),
                    Map.entry("saliency_on_demand", true),
                    Map.entry("saliency_method", "occlusion"),
                    Map.entry("saliency_baseline", "mean"),
                    Map.entry("saliency_memory", 64),
                    Map.entry("saliency_directory", "/srv/saliency"),
                    Map.entry("canary_period", 60),
                    Map.entry("canary_budget", 0.25),
                    Map.entry("delivery_directory", "/srv/delivery"),
                    Map.entry("delivery_disk", 64),
                    Map.entry("delivery_memory", 8),
                    Map.entry("content", "digest"),
                    Map.entry("content_limit", 100),
                    Map.entry("content_rate", 0.5),
                    Map.entry("content_retention", "P30D"),
                    Map.entry("content_patterns", "/srv/patterns"),
                    Map.entry("content_redactors", "/srv/redactors.jar"),
                    Map.entry("content_salt", "/srv/salt"),
                    Map.entry("any_model", true),
                    Map.entry("any_execution_provider", true),
                    Map.entry("model_files_immutable", true))))
        .isEqualTo(
            new Settings(
                false,
                "/srv/packs",
                "/srv/monitors.json",
                new RecorderSettings(
                    false,
                    false,
                    false,
                    true,
                    true,
                    new CohortSettings(List.of(new CohortKey(CohortKey.Source.BAGGAGE, "tier")), 7),
                    Runbooks.at("https://wiki.example.com/{kind}")),
                new GovernorSettings(0.25, 0.5),
                true,
                true,
                new SaliencySettings(
                    0.125,
                    true,
                    SaliencyMethod.OCCLUSION,
                    Baseline.MEAN,
                    64L << 20,
                    Path.of("/srv/saliency")),
                new CanarySettings(60, 0.25),
                new DeliverySettings(Path.of("/srv/delivery"), 64L << 20, 8L << 20),
                new ContentSettings(
                    ContentMode.DIGEST,
                    100,
                    0.5,
                    "P30D",
                    Path.of("/srv/patterns"),
                    Path.of("/srv/redactors.jar"),
                    Path.of("/srv/salt")),
                true,
                true,
                true));
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {
        "PACKS",
        "MONITORS_FILE",
        "RUNBOOKS",
        "COHORTS",
        "COHORT_LIMIT",
        "SAMPLING_RATE",
        "SAMPLING_BUDGET",
        "SALIENCY_RATE",
        "SALIENCY_METHOD",
        "SALIENCY_BASELINE",
        "SALIENCY_MEMORY",
        "SALIENCY_DIRECTORY",
        "CANARY_PERIOD",
        "CANARY_BUDGET",
        "DELIVERY_DIRECTORY",
        "DELIVERY_DISK",
        "DELIVERY_MEMORY",
        "CONTENT",
        "CONTENT_LIMIT",
        "CONTENT_RATE",
        "CONTENT_RETENTION",
        "CONTENT_PATTERNS",
        "CONTENT_REDACTORS",
        "CONTENT_SALT"
      })
  void of_oneFlagTurned_turnsNoOther(Setting setting) {
    boolean turned = !Boolean.parseBoolean(setting.defaultValue());

    assertThat(of(Map.of(setting.key(), turned)))
        .isEqualTo(
            new Settings(
                setting != Setting.ENABLED,
                null,
                null,
                new RecorderSettings(
                    setting != Setting.SPANS,
                    setting != Setting.METRICS,
                    setting != Setting.EVENTS,
                    setting == Setting.ATTENTION_HEADS,
                    setting == Setting.PHASES),
                DEFAULTS.sampling(),
                setting == Setting.SAMPLING_ON_DEMAND,
                setting == Setting.SAMPLING_STRICT,
                saliency(0, setting == Setting.SALIENCY_ON_DEMAND),
                DEFAULTS.canaries(),
                null,
                ContentSettings.OFF,
                setting == Setting.ANY_MODEL,
                setting == Setting.ANY_EXECUTION_PROVIDER,
                setting == Setting.MODEL_FILES_IMMUTABLE));
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1.5, Double.NaN})
  void of_aRateThatIsNoShare_givesTheDefault(double rate) {
    assertThat(of(Map.of("sampling_rate", rate, "sampling_budget", rate, "saliency_rate", rate)))
        .isEqualTo(DEFAULTS);
  }

  @Test
  void of_saliencySettingsThatMeanNothing_givesTheDefaults() {
    assertThat(
            of(
                Map.of(
                    "saliency_method",
                    "lime",
                    "saliency_baseline",
                    "noise",
                    "saliency_memory",
                    -1,
                    "saliency_directory",
                    "\0")))
        .isEqualTo(DEFAULTS);
  }

  @Test
  void of_numbersWithoutAPoint_areNumbers() {
    assertThat(of(Map.of("sampling_rate", 1)).sampling()).isEqualTo(new GovernorSettings(1, 0.02));
  }

  @Test
  void of_canarySettingsThatMeanNothing_givesTheDefaults() {
    assertThat(of(Map.of("canary_period", -1, "canary_budget", 2))).isEqualTo(DEFAULTS);
  }

  @Test
  void of_deliverySettingsThatMeanNothing_givesTheDefaults() {
    assertThat(of(Map.of("delivery_directory", "\0"))).isEqualTo(DEFAULTS);
    assertThat(
            of(Map.of("delivery_directory", "d", "delivery_disk", -1, "delivery_memory", -1))
                .delivery())
        .isEqualTo(new DeliverySettings(Path.of("d"), 256L << 20, 16L << 20));
  }

  @ParameterizedTest
  @CsvSource({
    "content, all",
    "content_limit, 0",
    "content_rate, 1.5",
    "content_retention, for ever",
  })
  void of_aContentSettingThatMeansNothing_switchesContentOff(String key, String value) {
    assertThat(of(Map.of("content", "redacted")).content().mode()).isEqualTo(ContentMode.REDACTED);
    Object typed =
        switch (key) {
          case "content_limit" -> Integer.valueOf(value);
          case "content_rate" -> Double.valueOf(value);
          default -> value;
        };
    Map<String, Object> entries = new HashMap<>(Map.of("content", "redacted"));
    entries.put(key, typed);

    assertThat(of(entries)).isEqualTo(DEFAULTS);
  }

  private static SaliencySettings saliency(double rate, boolean onDemand) {
    return new SaliencySettings(
        rate, onDemand, SaliencyMethod.INTEGRATED_GRADIENTS, Baseline.PADDING, 1024L << 20, null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"runbooks", "file:/srv/runbooks", "https://", "https://wiki example"})
  void of_runbooksThatAreNoAddress_givesTheDefaults(String runbooks) {
    assertThat(of(Map.of("runbooks", runbooks))).isEqualTo(DEFAULTS);
  }

  @ParameterizedTest
  @CsvSource({"tier", "cookie:tier", "baggage:", "'baggage:a,span:a'", "baggage:a b"})
  void of_cohortsThatMeanNothing_givesTheDefaults(String cohorts) {
    assertThat(of(Map.of("cohorts", cohorts, "cohort_limit", 0))).isEqualTo(DEFAULTS);
  }

  @Test
  void of_blankPacks_isNoPacks() {
    assertThat(of(Map.of("packs", "  ")).packs()).isNull();
  }

  @Test
  void of_packsWithSpacesAround_isThePathAlone() {
    assertThat(of(Map.of("packs", " /srv/my packs ")).packs()).isEqualTo("/srv/my packs");
  }

  private static Settings of(Map<String, Object> entries) {
    return Settings.of(
        YamlDeclarativeConfigProperties.create(
            entries, ComponentLoader.forClassLoader(SettingsTest.class.getClassLoader())));
  }
}
