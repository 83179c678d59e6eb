package io.innerspan.agent;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import io.innerspan.agent.app.GreedyDecoder;
import io.innerspan.onnxruntime.graft.Exposure;
import io.innerspan.onnxruntime.graft.OnnxModel;
import io.innerspan.onnxruntime.graft.OverlayCompiler;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.reference.ReferenceSignal;
import io.innerspan.signals.reference.Tolerance;
import io.innerspan.testing.ChildJvm;
import io.innerspan.testing.JvmCommand;
import io.innerspan.testing.OtlpReceiver;
import io.innerspan.testing.ReceivedSpan;
import io.innerspan.testing.models.SmallModels;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A decoder with a cache, run token by token in a server: one span for each text it writes. */
class GenerationIT {
  private static final String APP = "io.innerspan.agent.app.DecoderApp";
  private static final int STEPS = 12;
  private static final long[][] PROMPTS = {{0, 3, 14, 15}, {0, 9, 26, 5, 35, 8}};
  private static final List<LinearProbe> PROBES = DecoderPack.PROBES;

  @TempDir static Path folder;
  private static Path model;
  private static OtlpReceiver receiver;
  private static List<String> plain;
  private static List<String> observed;
  private static List<ReceivedSpan> generations;

  @BeforeAll
  static void generate() throws Exception {
    model = SmallModels.named("decoder-with-cache").write(folder);
    DecoderPack.write(folder.resolve("packs"), model);
    try (ChildJvm app = Product.application(APP, "1.29.0").arguments(model.toString()).start()) {
      plain = run(app, "open");
    }
    receiver = OtlpReceiver.start();
    try (ChildJvm app =
        Product.amongOthers(APP, "1.29.0", receiver)
            .property("otel.instrumentation.innerspan.packs", folder.resolve("packs").toString())
            .arguments(model.toString())
            .start()) {
      observed = run(app, Product.READINGS_ON);
    }
    generations = generations(receiver);
  }

  @AfterAll
  static void stop() {
    receiver.close();
  }

  @Test
  void application_writesTheSameTexts() {
    assertThat(plain).filteredOn(line -> line.startsWith("generated [")).hasSize(3);
    assertThat(observed).isEqualTo(plain);
  }

  @Test
  void everyText_isOneSpanOfAllItsSteps() {
    assertThat(generations).hasSize(3);
    assertThat(receiver.spans()).noneMatch(span -> span.name().startsWith("inference"));
    for (int i = 0; i < 3; i++) {
      ReceivedSpan span = generations.get(i);
      assertThat(span.name()).isEqualTo("generation decoder");
      assertThat(span.kind()).isEqualTo(SpanKind.SPAN_KIND_INTERNAL);
      assertThat(span.attribute("innerspan.generation.steps")).isEqualTo((long) STEPS);
      assertThat(span.attribute("innerspan.generation.prompt_tokens"))
          .isEqualTo((long) PROMPTS[i % 2].length);
      assertThat(span.attribute("innerspan.generation.generated_tokens")).isEqualTo((long) STEPS);
      assertThat(span.attribute("artifact.hash")).isEqualTo("sha256:" + MiniLm.sha256(model));
      assertThat(span.duration()).isPositive();
    }
  }

  @Test
  void span_ofARequest_isTheServersChildAndWithinIt() {
    for (ReceivedSpan span : generations.subList(0, 2)) {
      ReceivedSpan server =
          receiver.spans().stream()
              .filter(other -> other.spanId().equals(span.parentSpanId()))
              .findFirst()
              .orElseThrow();
      assertThat(server.kind()).isEqualTo(SpanKind.SPAN_KIND_SERVER);
      assertThat(span.proto().getStartTimeUnixNano())
          .isGreaterThanOrEqualTo(server.proto().getStartTimeUnixNano());
      assertThat(span.proto().getEndTimeUnixNano())
          .isLessThanOrEqualTo(server.proto().getEndTimeUnixNano());
    }
    assertThat(generations.get(2).parentSpanId()).isEmpty();
  }

  @Test
  void scores_areTheReferencesMaximumOverStepsAndWhereItIs() throws Exception {
    for (int i = 0; i < 3; i++) {
      double[][] reference = reference(PROMPTS[i % 2]);
      for (int p = 0; p < PROBES.size(); p++) {
        LinearProbe probe = PROBES.get(p);
        double[] scores = Arrays.stream(reference[p]).map(probe.calibration()::score).toArray();
        int peak = 0;
        for (int step = 1; step < STEPS; step++) {
          peak = scores[step] > scores[peak] ? step : peak;
        }
        double mean = Arrays.stream(scores).average().orElseThrow();
        ReceivedSpan span = generations.get(i);
        String steps = "innerspan.steps." + probe.id();
        agrees(span.attribute("innerspan.probe." + probe.id() + ".score"), scores[peak]);
        agrees(span.attribute(steps + ".mean"), mean);
        assertThat(span.attribute(steps + ".peak")).as(probe.id()).isEqualTo((long) peak);
      }
    }
  }

  @Test
  void metrics_countEveryStep() {
    assertThat(receiver.metrics())
        .filteredOn(metric -> metric.name().equals("innerspan.generation.step.duration"))
        .last()
        .satisfies(
            metric ->
                assertThat(
                        metric.histogramPoints().stream()
                            .mapToLong(point -> point.getCount())
                            .sum())
                    .isEqualTo(3L * STEPS));
  }

  @Test
  void yamlWithoutPacks_groupsAndEndsWithTheParentToo() throws Exception {
    Path yaml = folder.resolve("agent.yaml");
    try (OtlpReceiver own = OtlpReceiver.start()) {
      Files.writeString(
          yaml,
          """
          file_format: "1.2"
          tracer_provider:
            processors:
              - batch:
                  schedule_delay: 100
                  exporter:
                    otlp_grpc:
                      endpoint: %1$s
          """
              .formatted(own.grpcEndpoint()));
      JvmCommand command =
          Product.application(APP, "1.20.0")
              .agent(Product.agent())
              .property("otel.config.file", yaml.toString())
              .arguments(model.toString());
      try (ChildJvm app = command.start()) {
        app.awaitLine("open", Product.PATIENCE);
        // That the model has a cache is found out in the background: until then runs are single.
        for (int asked = 1; asked == 1 || !grouped(own); asked++) {
          assertThat(asked).isLessThan(100);
          app.send(line(PROMPTS[0]));
          int requests = asked;
          own.awaitSpans(
              spans -> spans.stream().filter(GenerationIT::isServer).count() == requests,
              Product.PATIENCE);
        }
        app.closeInput();
        app.awaitSuccess(Product.PATIENCE);
      }
    }
  }

  private static boolean grouped(OtlpReceiver own) {
    return generations(own).stream()
        .anyMatch(span -> span.attribute("innerspan.generation.steps").equals((long) STEPS));
  }

  private static boolean isServer(ReceivedSpan span) {
    return span.kind() == SpanKind.SPAN_KIND_SERVER;
  }

  private static List<String> run(ChildJvm app, String ready) {
    app.awaitLine("open", Product.PATIENCE);
    app.awaitLine(ready, Product.PATIENCE);
    app.send(line(PROMPTS[0]));
    app.send(line(PROMPTS[1]));
    app.send("main," + line(PROMPTS[0]));
    app.closeInput();
    app.awaitSuccess(Product.PATIENCE);
    return app.lines(io.innerspan.testing.LogLine.Stream.OUT);
  }

  private static String line(long[] prompt) {
    return STEPS
        + ","
        + Arrays.stream(prompt).mapToObj(Long::toString).collect(Collectors.joining(","));
  }

  private static List<ReceivedSpan> generations(OtlpReceiver from) {
    return from.spans().stream()
        .filter(span -> span.name().startsWith("generation"))
        .sorted(Comparator.comparing(span -> span.proto().getStartTimeUnixNano()))
        .toList();
  }

  private static void agrees(Object actual, double expected) {
    assertThat(Tolerance.FP32.agrees((double) actual, expected))
        .as("expected %s, found %s", expected, actual)
        .isTrue();
  }

  /** {@code [probe][step]} logits by the reference mathematics on exposed activations. */
  private static double[][] reference(long[] prompt) throws Exception {
    OnnxModel scanned = OnnxModel.scan(model);
    Exposure exposure = OverlayCompiler.expose(scanned, List.of(DecoderPack.PLACE));
    double[][] logits = new double[PROBES.size()][STEPS];
    List<Integer> steps = new ArrayList<>();
    byte[] exposed = DecoderPack.concatenate(model, exposure.bytes());
    try (OrtSession session = OrtEnvironment.getEnvironment().createSession(exposed)) {
      new GreedyDecoder(session)
          .generate(
              prompt,
              STEPS,
              (result, tokens) -> {
                String output = exposure.outputs().get(DecoderPack.PLACE);
                FloatBuffer values =
                    ((OnnxTensor) result.get(output).orElseThrow()).getFloatBuffer();
                float[][] activations = new float[tokens][DecoderPack.WIDTH];
                for (float[] token : activations) {
                  values.get(token);
                }
                long[] mask = new long[tokens];
                Arrays.fill(mask, 1);
                for (int p = 0; p < PROBES.size(); p++) {
                  logits[p][steps.size()] = ReferenceSignal.value(PROBES.get(p), activations, mask);
                }
                steps.add(tokens);
              });
    }
    return logits;
  }
}
