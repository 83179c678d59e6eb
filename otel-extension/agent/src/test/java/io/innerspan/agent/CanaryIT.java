package io.innerspan.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.signals.pack.Canary;
import io.innerspan.signals.pack.CanaryKind;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.pack.Platform;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.testing.ChildJvm;
import io.innerspan.testing.LogLine;
import io.innerspan.testing.OtlpReceiver;
import io.innerspan.testing.ReceivedLog;
import io.innerspan.testing.ReceivedMetric;
import io.innerspan.testing.models.TransformerFixture;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Canaries are replayed on the live session, compared, and told as nothing else. */
class CanaryIT {
  private static final String APP = "io.innerspan.agent.app.ModelsApp";

  @TempDir Path folder;

  @Test
  void canaries_areReplayedAndCompared_andAreNoInferences() throws Exception {
    Path model = Files.write(folder.resolve("small.onnx"), TransformerFixture.postNorm().bytes());
    FixturePack.write(folder.resolve("packs"), "small", model, CanaryIT::canaries);
    try (OtlpReceiver receiver = OtlpReceiver.start();
        ChildJvm app =
            Product.observed(APP, "1.29.0", receiver)
                .property(
                    "otel.instrumentation.innerspan.packs", folder.resolve("packs").toString())
                .property("otel.instrumentation.innerspan.canary-period", "0.3")
                .property("otel.instrumentation.innerspan.canary-budget", "1")
                .arguments(model.toString())
                .start()) {
      app.awaitLine(Product.READINGS_ON, Product.PATIENCE);
      app.awaitLine("canary changed (red_team) of small does not give its", Product.PATIENCE);
      app.awaitLine("canary misfit of small could not be replayed", Product.PATIENCE);
      List<ReceivedMetric> metrics =
          receiver.awaitMetrics(all -> replays(all).size() == 3, Product.PATIENCE);

      assertThat(replays(metrics).keySet())
          .containsExactlyInAnyOrder("ordinary agreed", "red_team moved", "ordinary failed");
      assertThat(metrics.stream().map(ReceivedMetric::name))
          .contains("innerspan.canary.deviation")
          .doesNotContain("innerspan.inference.duration", "innerspan.probe.score");
      assertThat(receiver.spans()).isEmpty();
      List<ReceivedLog> findings = receiver.awaitLogs(logs -> !logs.isEmpty(), Product.PATIENCE);
      assertThat(findings)
          .singleElement()
          .satisfies(
              finding -> {
                assertThat(finding.eventName()).isEqualTo("innerspan.finding");
                assertThat(finding.attribute("innerspan.finding.kind")).isEqualTo("canary");
                assertThat(finding.attribute("innerspan.finding.severity")).isEqualTo("high");
                assertThat(finding.attribute("innerspan.finding.baseline"))
                    .isEqualTo("changed/recorded");
                assertThat(finding.attribute("innerspan.signal.id")).isEqualTo("small");
                assertThat((double) finding.attribute("innerspan.finding.score")).isGreaterThan(1);
              });

      app.send("run");
      app.awaitLine("ran ", Product.PATIENCE);
      receiver.awaitSpans(spans -> spans.size() == 1, Product.PATIENCE);
      app.closeInput();
      app.awaitSuccess(Product.PATIENCE);
      assertThat(receiver.spans()).hasSize(1);
      assertThat(
              app.lines(LogLine.Stream.ERR).stream()
                  .filter(line -> line.contains("canary changed")))
          .as("said once")
          .hasSize(1);
    }
  }

  private static List<Canary> canaries(GoldenInput golden) {
    String architecture = Platform.current().architecture();
    Tensor logit = golden.logits().get("small");
    Tensor other = Tensor.ofFloats(new float[] {logit.toFloats()[0] + 1});
    Map<String, Tensor> misfit = new HashMap<>(golden.inputs());
    misfit.remove("attention_mask");
    return List.of(
        new Canary("same", CanaryKind.ORDINARY, golden.inputs(), Map.of(architecture, golden)),
        new Canary(
            "changed",
            CanaryKind.RED_TEAM,
            golden.inputs(),
            Map.of(architecture, new GoldenInput(golden.inputs(), Map.of("small", other)))),
        new Canary("misfit", CanaryKind.ORDINARY, misfit, Map.of()));
  }

  /** Counts by kind and outcome. */
  private static Map<String, Long> replays(List<ReceivedMetric> metrics) {
    Map<String, Long> replays = new HashMap<>();
    for (ReceivedMetric metric : metrics) {
      if (metric.name().equals("innerspan.canary.replay")) {
        for (NumberDataPoint point : metric.numberPoints()) {
          replays.put(
              attribute(point, "innerspan.canary.kind")
                  + " "
                  + attribute(point, "innerspan.canary.outcome"),
              point.getAsInt());
        }
      }
    }
    return replays;
  }

  private static String attribute(NumberDataPoint point, String key) {
    return point.getAttributesList().stream()
        .filter(attribute -> attribute.getKey().equals(key))
        .map(attribute -> attribute.getValue().getStringValue())
        .findFirst()
        .orElse("");
  }
}
