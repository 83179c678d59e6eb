package io.innerspan.extension;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Names, types and defaults are a promise to users: a change here is a change for them. */
class SettingTest {
  private static final List<List<String>> PROMISED =
      List.of(
          setting(
              "otel.instrumentation.innerspan.enabled",
              "OTEL_INSTRUMENTATION_INNERSPAN_ENABLED",
              "enabled",
              "boolean",
              "true"),
          setting(
              "otel.instrumentation.innerspan.packs",
              "OTEL_INSTRUMENTATION_INNERSPAN_PACKS",
              "packs",
              "path",
              ""),
          setting(
              "otel.instrumentation.innerspan.spans",
              "OTEL_INSTRUMENTATION_INNERSPAN_SPANS",
              "spans",
              "boolean",
              "true"),
          setting(
              "otel.instrumentation.innerspan.metrics",
              "OTEL_INSTRUMENTATION_INNERSPAN_METRICS",
              "metrics",
              "boolean",
              "true"),
          setting(
              "otel.instrumentation.innerspan.events",
              "OTEL_INSTRUMENTATION_INNERSPAN_EVENTS",
              "events",
              "boolean",
              "true"),
          setting(
              "otel.instrumentation.innerspan.phases",
              "OTEL_INSTRUMENTATION_INNERSPAN_PHASES",
              "phases",
              "boolean",
              "false"),
          setting(
              "otel.instrumentation.innerspan.attention-heads",
              "OTEL_INSTRUMENTATION_INNERSPAN_ATTENTION_HEADS",
              "attention_heads",
              "boolean",
              "false"),
          setting(
              "otel.instrumentation.innerspan.sampling-rate",
              "OTEL_INSTRUMENTATION_INNERSPAN_SAMPLING_RATE",
              "sampling_rate",
              "number",
              "0.005"),
          setting(
              "otel.instrumentation.innerspan.sampling-budget",
              "OTEL_INSTRUMENTATION_INNERSPAN_SAMPLING_BUDGET",
              "sampling_budget",
              "number",
              "0.02"),
          setting(
              "otel.instrumentation.innerspan.sampling-on-demand",
              "OTEL_INSTRUMENTATION_INNERSPAN_SAMPLING_ON_DEMAND",
              "sampling_on_demand",
              "boolean",
              "false"),
          setting(
              "otel.instrumentation.innerspan.saliency-rate",
              "OTEL_INSTRUMENTATION_INNERSPAN_SALIENCY_RATE",
              "saliency_rate",
              "number",
              "0"),
          setting(
              "otel.instrumentation.innerspan.saliency-on-demand",
              "OTEL_INSTRUMENTATION_INNERSPAN_SALIENCY_ON_DEMAND",
              "saliency_on_demand",
              "boolean",
              "false"),
          setting(
              "otel.instrumentation.innerspan.saliency-method",
              "OTEL_INSTRUMENTATION_INNERSPAN_SALIENCY_METHOD",
              "saliency_method",
              "text",
              "integrated_gradients"),
          setting(
              "otel.instrumentation.innerspan.saliency-baseline",
              "OTEL_INSTRUMENTATION_INNERSPAN_SALIENCY_BASELINE",
              "saliency_baseline",
              "text",
              "padding"),
          setting(
              "otel.instrumentation.innerspan.saliency-memory",
              "OTEL_INSTRUMENTATION_INNERSPAN_SALIENCY_MEMORY",
              "saliency_memory",
              "megabytes",
              "1024"),
          setting(
              "otel.instrumentation.innerspan.saliency-directory",
              "OTEL_INSTRUMENTATION_INNERSPAN_SALIENCY_DIRECTORY",
              "saliency_directory",
              "path",
              ""),
          setting(
              "otel.instrumentation.innerspan.canary-period",
              "OTEL_INSTRUMENTATION_INNERSPAN_CANARY_PERIOD",
              "canary_period",
              "seconds",
              "300"),
          setting(
              "otel.instrumentation.innerspan.canary-budget",
              "OTEL_INSTRUMENTATION_INNERSPAN_CANARY_BUDGET",
              "canary_budget",
              "number",
              "0.005"),
          setting(
              "otel.instrumentation.innerspan.delivery-directory",
              "OTEL_INSTRUMENTATION_INNERSPAN_DELIVERY_DIRECTORY",
              "delivery_directory",
              "path",
              ""),
          setting(
              "otel.instrumentation.innerspan.delivery-disk",
              "OTEL_INSTRUMENTATION_INNERSPAN_DELIVERY_DISK",
              "delivery_disk",
              "megabytes",
              "256"),
          setting(
              "otel.instrumentation.innerspan.delivery-memory",
              "OTEL_INSTRUMENTATION_INNERSPAN_DELIVERY_MEMORY",
              "delivery_memory",
              "megabytes",
              "16"),
          setting(
              "otel.instrumentation.innerspan.any-model",
              "OTEL_INSTRUMENTATION_INNERSPAN_ANY_MODEL",
              "any_model",
              "boolean",
              "false"),
          setting(
              "otel.instrumentation.innerspan.any-execution-provider",
              "OTEL_INSTRUMENTATION_INNERSPAN_ANY_EXECUTION_PROVIDER",
              "any_execution_provider",
              "boolean",
              "false"),
          setting(
              "otel.instrumentation.innerspan.model-files-immutable",
              "OTEL_INSTRUMENTATION_INNERSPAN_MODEL_FILES_IMMUTABLE",
              "model_files_immutable",
              "boolean",
              "false"));

  @Test
  void settings_haveTheNamesTypesAndDefaultsThatWerePromised() {
    assertThat(
            Stream.of(Setting.values())
                .map(
                    setting ->
                        setting(
                            setting.systemProperty(),
                            setting.environmentVariable(),
                            setting.key(),
                            setting.type(),
                            setting.defaultValue())))
        .containsExactlyElementsOf(PROMISED);
  }

  private static List<String> setting(String... promised) {
    return List.of(promised);
  }
}
