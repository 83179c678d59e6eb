package io.innerspan.examples.signals;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.innerspan.testing.ChildJvm;
import io.innerspan.testing.JvmCommand;
import io.innerspan.testing.LogLine.Stream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The driver against the built agent and service. */
class SignalsExampleIT {
  private static final Duration DEADLINE = Duration.ofMinutes(8);

  @Test
  void run_json_hasEverySignalOfEveryModel() {
    try (ChildJvm driver = example("--json").start()) {
      driver.awaitSuccess(DEADLINE);

      List<JsonObject> lines =
          driver.lines(Stream.OUT).stream()
              .map(line -> JsonParser.parseString(line).getAsJsonObject())
              .toList();
      assertThat(lines).hasSize(5);
      assertThat(lines).allSatisfy(line -> assertThat(line.getAsJsonArray("missing")).isEmpty());
      JsonObject induction = attributes(lines, "induction-head.onnx");
      assertThat(induction.get("innerspan.lens.induction_logit_lens.decision_layer").getAsInt())
          .isEqualTo(1);
      assertThat(
              induction
                  .getAsJsonArray("innerspan.lens.induction_logit_lens.answers")
                  .get(0)
                  .getAsInt())
          .isEqualTo(11);
      assertThat(
              induction
                  .get("innerspan.feature.induction_features.token_11_predicted.activation")
                  .getAsDouble())
          .isPositive();
      JsonObject miniLm = attributes(lines, "all-minilm-l6-v2.onnx");
      assertThat(miniLm.get("innerspan.probe.prompt_injection.score").getAsDouble())
          .isBetween(0.5, 1.0);
    }
  }

  @Test
  void run_unknownOption_failsWithOneLine() {
    try (ChildJvm driver = example("--nothing").start()) {
      assertThat(driver.awaitExit(DEADLINE)).isEqualTo(2);
      assertThat(driver.lines(Stream.OUT)).isEmpty();
      assertThat(driver.lines(Stream.ERR))
          .containsExactly("signals: unknown option --nothing (--help shows the options)");
    }
  }

  private static JsonObject attributes(List<JsonObject> lines, String file) {
    return lines.stream()
        .filter(line -> line.get("file").getAsString().equals(file))
        .findFirst()
        .orElseThrow()
        .getAsJsonObject("attributes");
  }

  private static JvmCommand example(String... arguments) {
    return JvmCommand.of(SignalsExample.class.getName())
        .property("signals.root", Path.of("../..").toAbsolutePath().normalize().toString())
        .arguments(arguments);
  }
}
