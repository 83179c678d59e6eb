package io.innerspan.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.signals.pack.Canary;
import io.innerspan.signals.pack.CanaryKind;
import io.innerspan.signals.pack.GoldenInput;
import io.innerspan.signals.pack.Platform;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.testing.ChildJvm;
import io.innerspan.testing.JvmCommand;
import io.innerspan.testing.LogLine;
import io.innerspan.testing.OtlpReceiver;
import io.innerspan.testing.ReceivedLog;
import io.innerspan.testing.ReceivedMetric;
import io.innerspan.testing.models.TransformerFixture;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Canaries are replayed on the live session, compared, and told as nothing else. */
class CanaryIT {
  private static final String APP = "io.innerspan.agent.app.ModelsApp";

  /** How often canaries are replayed unless something else is set. */
  private static final Duration PERIOD = Duration.ofMinutes(5);

  @TempDir Path folder;

  @Test
  void canaries_areReplayedAndCompared_andAreNoInferences() throws Exception {
    Path model = Files.write(folder.resolve("small.onnx"), TransformerFixture.postNorm().bytes());
    FixturePack.write(folder.resolve("packs"), "small", model, CanaryIT::canaries);
    try (OtlpReceiver receiver = OtlpReceiver.start();
        ChildJvm app =
            start(receiver, model)
                .property("otel.instrumentation.innerspan.canary-period", "0.3")
                .property("otel.instrumentation.innerspan.canary-budget", "1")
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

  /** The graph and the name stay, the weights are others: only the content tells. */
  @Test
  void weights_exchangedUnderTheModelsName_areAFindingWithinOnePeriod() throws Exception {
    Path model = Files.write(folder.resolve("small.onnx"), TransformerFixture.postNorm().bytes());
    Path other = Files.write(folder.resolve("other.onnx"), otherWeights().bytes());
    assertThat(OnnxModel.scan(other).structure()).isEqualTo(OnnxModel.scan(model).structure());
    String before = "sha256:" + MiniLm.sha256(model);
    String after = "sha256:" + MiniLm.sha256(other);
    FixturePack.write(folder.resolve("packs"), "small", model, CanaryIT::agreeing);
    try (OtlpReceiver receiver = OtlpReceiver.start();
        ChildJvm app = start(receiver, model).start()) {
      app.awaitLine(Product.READINGS_ON, Product.PATIENCE);
      Files.move(other, model, StandardCopyOption.REPLACE_EXISTING);
      Instant opened = Instant.now();
      app.send("reopen");

      List<ReceivedLog> findings = receiver.awaitLogs(all -> all.size() >= 2, Product.PATIENCE);
      assertThat(findings)
          .extracting(each -> each.attribute("innerspan.monitor.id"))
          .containsExactly("model_change", "model_mismatch");
      ReceivedLog finding = findings.get(0);
      assertThat(finding.attribute("innerspan.finding.kind")).isEqualTo("model_change");
      assertThat(finding.attribute("innerspan.model.name")).isEqualTo("small");
      assertThat(finding.attribute("innerspan.finding.baseline")).isEqualTo(before);
      assertThat(finding.attribute("artifact.hash")).isEqualTo(after);
      long nanos = finding.proto().getObservedTimeUnixNano();
      assertThat(Instant.ofEpochSecond(0, nanos)).isBetween(opened, opened.plus(PERIOD));
      app.awaitLine("pack small 1.0.0 gives no reading on small: ", Product.PATIENCE);
      app.closeInput();
      app.awaitSuccess(Product.PATIENCE);
      assertThat(receiver.logs()).hasSize(2);
    }
  }

  /** As in a rollout: the JVM that has the new weights never saw those before. */
  @Test
  void weights_exchangedBetweenTwoJvms_areAFindingOfTheSecond() throws Exception {
    Path model = Files.write(folder.resolve("small.onnx"), TransformerFixture.postNorm().bytes());
    String before = "sha256:" + MiniLm.sha256(model);
    FixturePack.write(folder.resolve("packs"), "small", model);
    String pack = "sha256:" + MiniLm.sha256(folder.resolve("packs/small/probe.json"));
    try (OtlpReceiver receiver = OtlpReceiver.start();
        ChildJvm app = start(receiver, model).start()) {
      app.awaitLine(Product.READINGS_ON, Product.PATIENCE);
      app.closeInput();
      app.awaitSuccess(Product.PATIENCE);
      assertThat(receiver.logs()).isEmpty();
    }

    Files.write(model, otherWeights().bytes());
    try (OtlpReceiver receiver = OtlpReceiver.start();
        ChildJvm app = start(receiver, model).start()) {
      ReceivedLog finding = onlyFinding(receiver);
      assertMismatch(finding, before, model, pack);
      assertThat(finding.attribute("innerspan.monitor.id")).isEqualTo("model_mismatch");
      assertThat(finding.attribute("innerspan.finding.severity")).isEqualTo("medium");
      assertThat(finding.attribute("innerspan.finding.tags"))
          .isEqualTo(List.of("atlas:AML.T0010", "owasp:LLM03:2025"));
      app.closeInput();
      app.awaitSuccess(Product.PATIENCE);
      assertThat(receiver.logs()).hasSize(1);
    }

    Path monitors = folder.resolve("monitors.json");
    Files.writeString(
        monitors,
        """
        {"schema_version": "1.0", "packs": {"small": {"monitors": [
          {"id": "swapped", "kind": "model_change", "severity": "critical", "tags": ["acme:7"],
           "runbook": "https://wiki.example.com/swapped"}]}}}
        """);
    try (OtlpReceiver receiver = OtlpReceiver.start();
        ChildJvm app =
            start(receiver, model)
                .property("otel.instrumentation.innerspan.monitors-file", monitors.toString())
                .start()) {
      ReceivedLog finding = onlyFinding(receiver);
      assertMismatch(finding, before, model, pack);
      assertThat(finding.attribute("innerspan.monitor.id")).isEqualTo("swapped");
      assertThat(finding.attribute("innerspan.finding.severity")).isEqualTo("critical");
      assertThat(finding.attribute("innerspan.finding.tags")).isEqualTo(List.of("acme:7"));
      assertThat(finding.attribute("security_rule.reference"))
          .isEqualTo("https://wiki.example.com/swapped");
      app.closeInput();
      app.awaitSuccess(Product.PATIENCE);
    }
  }

  private static void assertMismatch(ReceivedLog finding, String before, Path model, String pack)
      throws Exception {
    assertThat(finding.attribute("innerspan.finding.kind")).isEqualTo("model_change");
    assertThat(finding.attribute("innerspan.finding.baseline")).isEqualTo(before);
    assertThat(finding.attribute("innerspan.model.name")).isEqualTo("small");
    assertThat(finding.attribute("artifact.hash")).isEqualTo("sha256:" + MiniLm.sha256(model));
    assertThat(finding.attribute("innerspan.pack")).isEqualTo(List.of("small@1.0.0"));
    assertThat(finding.attribute("innerspan.pack_hash")).isEqualTo(pack);
  }

  /** A pack for the new weights, with a canary that was recorded on the ones before. */
  @Test
  void weights_otherThanACanarysRecordedOnes_areAFindingAtItsFirstReplay() throws Exception {
    Path before = Files.write(folder.resolve("before.onnx"), TransformerFixture.postNorm().bytes());
    List<Canary> recorded = new ArrayList<>();
    FixturePack.write(
        folder.resolve("before"),
        "small",
        before,
        golden -> {
          recorded.addAll(agreeing(golden));
          return List.copyOf(recorded);
        });
    Path model = Files.write(folder.resolve("small.onnx"), otherWeights().bytes());
    FixturePack.write(folder.resolve("packs"), "small", model, golden -> recorded);
    try (OtlpReceiver receiver = OtlpReceiver.start();
        ChildJvm app =
            start(receiver, model)
                .property("otel.instrumentation.innerspan.canary-period", "0.3")
                .property("otel.instrumentation.innerspan.canary-budget", "1")
                .start()) {
      app.awaitLine("canary same (red_team) of small does not give its recorded", Product.PATIENCE);
      ReceivedLog finding = onlyFinding(receiver);
      assertThat(finding.attribute("innerspan.finding.kind")).isEqualTo("canary");
      assertThat(finding.attribute("innerspan.finding.severity")).isEqualTo("high");
      assertThat(finding.attribute("innerspan.finding.baseline")).isEqualTo("same/recorded");
      assertThat((double) finding.attribute("innerspan.finding.score")).isGreaterThan(1);
      assertThat(finding.attribute("artifact.hash")).isEqualTo("sha256:" + MiniLm.sha256(model));

      List<ReceivedMetric> metrics =
          receiver.awaitMetrics(all -> !replays(all).isEmpty(), Product.PATIENCE);
      assertThat(replays(metrics)).as("it never agreed").containsOnlyKeys("red_team moved");
      app.closeInput();
      app.awaitSuccess(Product.PATIENCE);
    }
  }

  private JvmCommand start(OtlpReceiver receiver, Path model) {
    return Product.observed(APP, "1.29.0", receiver)
        .property("otel.instrumentation.innerspan.packs", folder.resolve("packs").toString())
        .arguments(model.toString());
  }

  private static ReceivedLog onlyFinding(OtlpReceiver receiver) {
    List<ReceivedLog> logs = receiver.awaitLogs(all -> !all.isEmpty(), Product.PATIENCE);
    assertThat(logs).hasSize(1);
    assertThat(logs.get(0).eventName()).isEqualTo("innerspan.finding");
    return logs.get(0);
  }

  private static TransformerFixture otherWeights() {
    return TransformerFixture.postNorm().withSeed(20260102);
  }

  /** One that gives what was recorded, as long as the model is the same. */
  private static List<Canary> agreeing(GoldenInput golden) {
    String architecture = Platform.current().architecture();
    return List.of(
        new Canary("same", CanaryKind.RED_TEAM, golden.inputs(), Map.of(architecture, golden)));
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
