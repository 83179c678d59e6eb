package io.innerspan.extension;

import java.util.Locale;

/** One setting, with its names in the three ways to set it. */
enum Setting {
  ENABLED("enabled", "boolean", "true", "Whether Innerspan does anything at all."),
  PACKS(
      "packs",
      "path",
      "",
      "The folder that holds probe packs, or one pack (a folder or a zip). Without it, inferences"
          + " still give spans and durations."),
  SPANS("spans", "boolean", "true", "A span for each inference, with its scores."),
  METRICS("metrics", "boolean", "true", "Histograms of durations, scores and norms, and counters."),
  EVENTS("events", "boolean", "true", "An event for each row whose score reaches a threshold."),
  ANY_EXECUTION_PROVIDER(
      "any_execution_provider",
      "boolean",
      "false",
      "Whether models on execution providers other than the CPU's are grafted too. Each is certified"
          + " like any other, but none was tested by us.");

  private static final String PREFIX = "otel.instrumentation.innerspan.";

  private final String key;
  private final String type;
  private final String defaultValue;
  private final String description;

  Setting(String key, String type, String defaultValue, String description) {
    this.key = key;
    this.type = type;
    this.defaultValue = defaultValue;
    this.description = description;
  }

  /** The key under {@code instrumentation/development: java: innerspan:} in the agent's YAML. */
  String key() {
    return key;
  }

  String type() {
    return type;
  }

  String defaultValue() {
    return defaultValue;
  }

  String description() {
    return description;
  }

  String systemProperty() {
    return PREFIX + key.replace('_', '-');
  }

  String environmentVariable() {
    return systemProperty().replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
  }
}
