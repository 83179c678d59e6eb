package io.innerspan.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.semconv.InnerspanMetrics;
import io.innerspan.signals.ReadingLayout;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.javaagent.innerspan.bridge.Inference;
import io.opentelemetry.javaagent.innerspan.bridge.Prediction;
import io.opentelemetry.javaagent.innerspan.bridge.Prediction.Phase;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PredictionSpanTest {
  private static final ModelNames PREDICTOR =
      new ModelNames("classifier", null, "onnxruntime", "1");

  private final Backend backend =
      new Backend(new RecorderSettings(true, true, true, false, true), Sampler.alwaysOn());

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void phases_areChildrenInTheirOrder() {
    Prediction prediction = model().predict(2, 0);
    prediction.phase(Phase.PREPROCESS);
    prediction.phase(Phase.FORWARD);
    Span inForward = Span.current();
    prediction.phase(Phase.POSTPROCESS);
    prediction.end(null, 0, null);

    assertThat(backend.spans())
        .extracting(SpanData::getName)
        .containsExactly(
            "preprocess classifier",
            "forward classifier",
            "postprocess classifier",
            "inference classifier");
    SpanData inference = backend.spans().get(3);
    assertThat(backend.spans().subList(0, 3))
        .allMatch(span -> span.getParentSpanId().equals(inference.getSpanId()));
    assertThat(inForward.getSpanContext().getSpanId())
        .isEqualTo(backend.spans().get(1).getSpanId());
    assertThat(Span.current().getSpanContext().isValid()).isFalse();
  }

  @Test
  void phases_switchedOff_areNotThere() {
    try (Backend plain = new Backend()) {
      Prediction prediction = plain.recorder.model(PREDICTOR).predict(2, 0);
      prediction.phase(Phase.PREPROCESS);
      prediction.phase(Phase.FORWARD);
      prediction.end(null, 0, null);

      assertThat(plain.onlySpan().getName()).isEqualTo("inference classifier");
    }
  }

  @Test
  void inferenceOfTheSameEngineInForward_isTheSameInference() {
    ModelTelemetry engines = backend.model();
    engines.readings(
        new ReadingLayout(List.of(Packs.probe("p", null))),
        List.of(Packs.pack("a", "1.0.0", List.of(Packs.probe("p", null)))));
    Prediction prediction = model().predict(2, 0);
    prediction.phase(Phase.FORWARD);
    run(engines, Packs.ONE_TENTH);
    prediction.phase(Phase.FORWARD);
    run(engines, Packs.NINE_TENTHS);
    prediction.phaseEnded();
    prediction.end(null, 0, null);

    List<SpanData> inferences =
        backend.spans().stream().filter(span -> span.getName().startsWith("inference")).toList();
    assertThat(inferences).hasSize(1);
    SpanData inference = inferences.get(0);
    assertThat(inference.getName()).as("known to the engine's side").isEqualTo("inference minilm");
    assertThat(inference.getAttributes().get(Keys.ARTIFACT_FILENAME)).isEqualTo("model.onnx");
    assertThat(inference.getAttributes().asMap())
        .hasEntrySatisfying(
            io.opentelemetry.api.common.AttributeKey.doubleKey("innerspan.probe.p.score"),
            score -> assertThat((double) score).isBetween(0.89, 0.91));
    assertThat(durations()).isEqualTo(1);
  }

  private static void run(ModelTelemetry model, float logit) {
    model.start(1, -1).end(new float[] {logit, 1}, 1, null);
  }

  @Test
  void inferenceOutsideOfForward_isAnInferenceOfItsOwn() {
    Prediction prediction = model().predict(1, 0);
    prediction.phase(Phase.PREPROCESS);
    backend.model().start(1, -1).end(null, 0, null);
    prediction.end(null, 0, null);

    assertThat(backend.spans())
        .extracting(SpanData::getName)
        .containsExactly("inference minilm", "preprocess classifier", "inference classifier");
  }

  @Test
  void inferenceOfAnotherEngineInForward_isAChild() {
    Prediction prediction =
        backend.recorder.model(new ModelNames("classifier", null, "pytorch", "2")).predict(1, 0);
    prediction.phase(Phase.FORWARD);
    Inference inner = backend.model().start(1, -1);
    inner.end(null, 0, null);
    prediction.end(null, 0, null);

    assertThat(backend.spans().get(0).getParentSpanId())
        .isEqualTo(backend.spans().get(1).getSpanId());
  }

  @Test
  void end_failureInAPhase_isThePhasesToo() {
    Prediction prediction = model().predict(1, 0);
    prediction.phase(Phase.PREPROCESS);
    prediction.phase(Phase.FORWARD);
    prediction.end(null, 0, new ArithmeticException("secret"));

    assertThat(backend.spans().get(0).getStatus()).isEqualTo(StatusData.unset());
    for (SpanData span : backend.spans().subList(1, 3)) {
      assertThat(span.getStatus()).isEqualTo(StatusData.error());
      assertThat(span.getAttributes().get(Keys.ERROR_TYPE))
          .isEqualTo("java.lang.ArithmeticException");
      assertThat(span.toString()).doesNotContain("secret");
    }
  }

  @Test
  void abandoned_endedWhenItWasPausedLast() {
    Prediction prediction = model().predict(1, 0);
    prediction.phase(Phase.FORWARD);
    prediction.pause();
    Instant paused = Instant.now();
    Instant later = paused.plusMillis(20);
    while (Instant.now().isBefore(later)) {
      Thread.onSpinWait();
    }
    prediction.abandoned();
    prediction.abandoned();
    prediction.end(null, 0, null);

    assertThat(backend.spans())
        .extracting(SpanData::getName)
        .containsExactly("forward classifier", "inference classifier");
    assertThat(backend.spans())
        .allSatisfy(
            span -> {
              assertThat(span.getEndEpochNanos()).isLessThan(nanos(later));
              assertThat(span.getStatus()).isEqualTo(StatusData.unset());
            });
    assertThat(durations()).isEqualTo(1);
  }

  private static long nanos(Instant time) {
    return TimeUnit.SECONDS.toNanos(time.getEpochSecond()) + time.getNano();
  }

  @Test
  void pause_takesTheSpanAwayUntilResume() {
    Prediction prediction = model().predict(1, 0);
    Span current = Span.current();
    prediction.pause();
    assertThat(Span.current().getSpanContext().isValid()).isFalse();
    prediction.resume();
    assertThat(Span.current()).isSameAs(current);
    prediction.end(null, 0, null);
    assertThat(Span.current().getSpanContext().isValid()).isFalse();
  }

  @Test
  void end_twice_isOneInference() {
    Prediction prediction = model().predict(1, 0);
    prediction.end(null, 0, null);
    prediction.end(null, 0, new ArithmeticException());

    assertThat(backend.onlySpan().getStatus()).isEqualTo(StatusData.unset());
    assertThat(durations()).isEqualTo(1);
  }

  private ModelTelemetry model() {
    return backend.recorder.model(PREDICTOR);
  }

  private long durations() {
    return backend
        .metric(InnerspanMetrics.INFERENCE_DURATION)
        .getHistogramData()
        .getPoints()
        .stream()
        .mapToLong(HistogramPointData::getCount)
        .sum();
  }
}
