package io.innerspan.djl.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.testing.ReceivedSpan;
import io.opentelemetry.proto.trace.v1.Status.StatusCode;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A model with a pack through DJL's ONNX Runtime engine: one span, with the graft's reading. */
class OnnxRuntimeIT {
  private static final String NAME = "inference all-minilm-l6-v2";
  private static final String SCORE = "innerspan.probe.prompt_injection.score";

  private static Map<Djl, Run> runs;

  @BeforeAll
  static void runAll() {
    runs = versions().collect(Collectors.toMap(Function.identity(), OnnxRuntimeIT::run));
  }

  private static Run run(Djl djl) {
    return Run.awaitingReadings(
        djl,
        "io.innerspan.djl.testing.app.OnnxApp",
        2,
        Map.of("packs", Djl.property("innerspan.pack"), "phases", "true"),
        Djl.property("innerspan.model"));
  }

  static Stream<Djl> versions() {
    return Djl.with("onnxruntime-engine");
  }

  @ParameterizedTest
  @MethodSource("versions")
  void outputs_areTheSame(Djl djl) {
    Run run = runs.get(djl);
    assertThat(run.plain()).hasSize(6);
    assertThat(run.observed()).isEqualTo(run.plain());
  }

  @ParameterizedTest
  @MethodSource("versions")
  void prediction_isOneInferenceWithTheGraftsReading(Djl djl) {
    Run run = runs.get(djl);
    List<ReceivedSpan> spans = run.spans(NAME);
    assertThat(spans).hasSize(4);
    ReceivedSpan predicted = spans.get(0);
    ReceivedSpan ran = spans.get(2);

    assertThat(run.children(predicted)).hasSize(3).allMatch(name -> !name.startsWith("inference"));
    assertThat(run.children(ran)).isEmpty();
    for (ReceivedSpan span : List.of(predicted, ran)) {
      assertThat((String) span.attribute("artifact.hash")).startsWith("sha256:759c3cd2b7fe7e93");
      assertThat(span.attribute("artifact.filename")).isEqualTo("all-minilm-l6-v2.onnx");
      assertThat(span.attribute("innerspan.engine.name")).isEqualTo("onnxruntime");
      assertThat(span.attribute("innerspan.engine.version")).isEqualTo(djl.version("onnxruntime"));
      assertThat(span.attribute("innerspan.pack")).isEqualTo(List.of("prompt-injection@1.0.0"));
    }
    assertThat((double) predicted.attribute(SCORE))
        .isCloseTo((double) ran.attribute(SCORE), within(1e-6));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void severalRunsOfAPrediction_areOneBatch(Djl djl) {
    ReceivedSpan span = runs.get(djl).spans(NAME).get(1);

    assertThat(span.attribute("innerspan.batch.size")).isEqualTo(2L);
    assertThat((double) span.attribute(SCORE))
        .isGreaterThanOrEqualTo((double) runs.get(djl).spans(NAME).get(0).attribute(SCORE) - 1e-6);
  }

  @ParameterizedTest
  @MethodSource("versions")
  void failureBeforeTheEngine_isTheInferences(Djl djl) {
    ReceivedSpan span = runs.get(djl).spans(NAME).get(3);

    assertThat(span.proto().getStatus().getCode()).isEqualTo(StatusCode.STATUS_CODE_ERROR);
    assertThat(span.attribute("error.type")).isEqualTo("java.lang.IllegalArgumentException");
    assertThat(span.attribute(SCORE)).isNull();
  }
}
