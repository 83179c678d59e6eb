package io.innerspan.djl.testing;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.testing.ReceivedSpan;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Predictions of every kind on DJL's PyTorch engine, with a span for each phase. */
class PyTorchIT {
  private static final List<String> PHASES = List.of("preprocess", "forward", "postprocess");

  @TempDir static Path folder;
  private static Path script;
  private static Map<Djl, Run> runs;

  @BeforeAll
  static void runAll() throws Exception {
    script = Script.doubler(folder.resolve("doubler.pt"));
    runs =
        versions()
            .collect(
                Collectors.toMap(
                    Function.identity(),
                    djl ->
                        Run.of(djl, "io.innerspan.djl.testing.app.PyTorchApp", script.toString())));
  }

  static Stream<Djl> versions() {
    return Djl.with("pytorch-engine");
  }

  @ParameterizedTest
  @MethodSource("versions")
  void outputs_areTheSame(Djl djl) {
    Run run = runs.get(djl);
    assertThat(run.plain()).hasSize(40);
    assertThat(run.observed()).isEqualTo(run.plain());
  }

  @ParameterizedTest
  @MethodSource("versions")
  void scripts_haveTheFilesIdentity(Djl djl) throws Exception {
    List<ReceivedSpan> spans = runs.get(djl).spans("inference doubler");
    assertThat(spans).hasSize(2);
    for (ReceivedSpan span : spans) {
      assertThat(span.kind()).isEqualTo(SpanKind.SPAN_KIND_INTERNAL);
      assertThat(span.scope()).isEqualTo("io.innerspan");
      assertThat(span.attribute("innerspan.model.name")).isEqualTo("doubler");
      assertThat(span.attribute("artifact.filename")).isEqualTo("doubler.pt");
      assertThat(span.attribute("innerspan.engine.name")).isEqualTo("pytorch");
      assertThat((String) span.attribute("innerspan.engine.version"))
          .isEqualTo(djl.version("pytorch-native-cpu").replace("-linux-x86_64", ""));
      assertThat(span.attribute("innerspan.batch.size")).isEqualTo(3L);
    }
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(script));
    assertThat(spans.get(1).attribute("artifact.hash"))
        .isEqualTo("sha256:" + HexFormat.of().formatHex(digest));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void batch_isOneInferenceWithItsPhases(Djl djl) {
    Run run = runs.get(djl);
    ReceivedSpan span = run.span("inference imperative");

    assertThat(span.attribute("innerspan.batch.size")).isEqualTo(3L);
    assertThat(span.parentSpanId()).isEmpty();
    assertThat(run.children(span)).isEqualTo(phases("imperative", 1));
    assertThat(span.duration()).isGreaterThanOrEqualTo(run.span("forward imperative").duration());
  }

  @ParameterizedTest
  @MethodSource("versions")
  void inputsOneByOne_areOneInferenceWithPhasesForEach(Djl djl) {
    Run run = runs.get(djl);
    ReceivedSpan span = run.span("inference one-by-one");

    assertThat(span.attribute("innerspan.batch.size")).isEqualTo(3L);
    assertThat(run.children(span)).isEqualTo(phases("one-by-one", 3));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void subclassThatCallsSuper_isTracedOnce(Djl djl) {
    Run run = runs.get(djl);
    assertThat(run.children(run.span("inference subclass"))).isEqualTo(phases("subclass", 1));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void subclassThatDoesItAllItself_isTracedOnce(Djl djl) {
    Run run = runs.get(djl);
    ReceivedSpan span = run.span("inference own-batch");
    assertThat(span.attribute("innerspan.batch.size")).isEqualTo(3L);
    assertThat(run.children(span)).containsExactly("preprocess own-batch");
  }

  @ParameterizedTest
  @MethodSource("versions")
  void subclassWithItsOwnForward_isTracedOnce(Djl djl) {
    Run run = runs.get(djl);
    assertThat(run.children(run.span("inference own-forward"))).isEqualTo(phases("own-forward", 1));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void predictorInATranslator_isAnInferenceOfItsOwn(Djl djl) {
    Run run = runs.get(djl);
    ReceivedSpan preprocess = run.span("preprocess outer");

    assertThat(preprocess.parentSpanId()).isEqualTo(run.span("inference outer").spanId());
    assertThat(run.children(preprocess))
        .containsExactly("inference inner", "inference inner", "inference inner");
  }

  @ParameterizedTest
  @MethodSource("versions")
  void failureOfTheTranslator_isTheInferencesAndThePhases(Djl djl) {
    Run run = runs.get(djl);
    for (String name : List.of("inference failing-input", "preprocess failing-input")) {
      assertFailed(run.span(name), "java.lang.NumberFormatException");
    }
    assertThat(run.children(run.span("inference failing-input")))
        .containsExactly("preprocess failing-input");
  }

  @ParameterizedTest
  @MethodSource("versions")
  void failureOfTheEngine_hasItsClass(Djl djl) {
    Run run = runs.get(djl);
    String thrown = "ai.djl.engine.EngineException";
    assertThat(run.observed()).contains(thrown);
    assertFailed(run.span("inference failing-forward"), thrown);
    assertFailed(run.span("forward failing-forward"), thrown);
    assertThat(run.span("preprocess failing-forward").proto().getStatus().getCode())
        .isEqualTo(StatusCode.STATUS_CODE_UNSET);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void streams_areOneInferenceThatEndsWithThem(Djl djl) {
    Run run = runs.get(djl);
    for (String name : List.of("stream-read", "stream-closed", "stream-elsewhere")) {
      ReceivedSpan span = run.span("inference " + name);
      assertThat(span.attribute("innerspan.batch.size")).isEqualTo(1L);
      assertThat(span.proto().getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_UNSET);
      assertThat(run.children(span)).containsExactly("preprocess " + name, "forward " + name);
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void failureInAStream_isTheInferences(Djl djl) {
    Run run = runs.get(djl);
    assertFailed(run.span("inference stream-failing"), "java.lang.ArithmeticException");
    assertFailed(run.span("forward stream-failing"), "java.lang.ArithmeticException");
  }

  @ParameterizedTest
  @MethodSource("versions")
  void predictionWhileAStreamIsRead_isNotItsChild(Djl djl) {
    Run run = runs.get(djl);
    ReceivedSpan around = run.span("inference stream-around");
    List<ReceivedSpan> meanwhile = run.spans("inference meanwhile");

    assertThat(meanwhile).hasSize(3).allMatch(span -> span.parentSpanId().isEmpty());
    assertThat(around.proto().getEndTimeUnixNano())
        .isGreaterThan(meanwhile.get(2).proto().getEndTimeUnixNano());
  }

  @ParameterizedTest
  @MethodSource("versions")
  void training_isNotTraced(Djl djl) {
    assertThat(runs.get(djl).spans()).noneMatch(span -> span.name().contains("training"));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void durations_areThoseOfTheInferences(Djl djl) {
    Run run = runs.get(djl);
    long inferences =
        run.spans().stream().filter(span -> span.name().startsWith("inference ")).count();

    assertThat(
            run.metrics().stream()
                .filter(metric -> metric.name().equals("innerspan.inference.duration"))
                .reduce((first, last) -> last)
                .orElseThrow()
                .histogramPoints()
                .stream()
                .mapToLong(point -> point.getCount())
                .sum())
        .isEqualTo(inferences)
        .isEqualTo(21);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void log_hasNoFault(Djl djl) {
    assertThat(runs.get(djl).log())
        .filteredOn(line -> line.contains("Innerspan"))
        .allMatch(line -> line.contains("hooks ONNX Runtime, DJL"));
    assertThat(runs.get(djl).metrics()).noneMatch(m -> m.name().equals("innerspan.fault"));
  }

  private static List<String> phases(String model, int times) {
    return Stream.generate(() -> PHASES)
        .limit(times)
        .flatMap(List::stream)
        .map(phase -> phase + " " + model)
        .toList();
  }

  private static void assertFailed(ReceivedSpan span, String type) {
    assertThat(span.proto().getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
    assertThat(span.proto().getStatus().getMessage()).isEmpty();
    assertThat(span.attribute("error.type")).isEqualTo(type);
  }
}
