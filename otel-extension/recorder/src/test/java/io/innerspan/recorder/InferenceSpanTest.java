package io.innerspan.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.innerspan.semconv.InnerspanMetrics;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanId;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import io.opentelemetry.javaagent.innerspan.bridge.Inference;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.data.StatusData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class InferenceSpanTest {
  private final Backend backend = new Backend();

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void start_withoutPack_givesSpanAndDuration() {
    backend.model().start(3, -1).end(null, 0, null);

    SpanData span = backend.onlySpan();
    assertThat(span.getName()).isEqualTo("inference minilm");
    assertThat(span.getKind()).isEqualTo(SpanKind.INTERNAL);
    assertThat(span.getParentSpanId()).isEqualTo(SpanId.getInvalid());
    assertThat(span.getStatus()).isEqualTo(StatusData.unset());
    assertThat(span.getInstrumentationScopeInfo().getName()).isEqualTo("io.innerspan");
    assertThat(span.getInstrumentationScopeInfo().getVersion()).isEqualTo("0.1.0");
    assertThat(span.getAttributes().toBuilder().build())
        .isEqualTo(
            Attributes.builder()
                .put("innerspan.model.name", "minilm")
                .put("artifact.filename", "model.onnx")
                .put("innerspan.engine.name", "onnxruntime")
                .put("innerspan.engine.version", "1.29.0")
                .put("innerspan.batch.size", 3)
                .build());
    assertThat(duration(null).getCount()).isEqualTo(1);
    assertThat(duration(null).getSum()).isPositive();
  }

  @Test
  void start_unnamedModelFromMemoryWithoutBatch_saysOnlyWhatIsKnown() {
    ModelTelemetry model = backend.recorder.model(new ModelNames(null, null, "onnxruntime", "1"));
    model.start(-1, -1).end(null, 0, null);

    assertThat(backend.onlySpan().getName()).isEqualTo("inference");
    assertThat(backend.onlySpan().getAttributes().toBuilder().build())
        .isEqualTo(
            Attributes.builder()
                .put("innerspan.engine.name", "onnxruntime")
                .put("innerspan.engine.version", "1")
                .build());
  }

  @Test
  void start_insideOfSpan_isItsChildAndCurrentUntilEnd() {
    Tracer application = backend.sdk().getTracer("application");
    Span request = application.spanBuilder("request").startSpan();
    try (Scope scope = request.makeCurrent()) {
      assertThat(scope).isNotNull();
      Inference inference = backend.model().start(1, -1);
      Span inside = Span.current();
      application.spanBuilder("inside").startSpan().end();
      inference.end(null, 0, null);

      assertThat(inside).isNotSameAs(request);
      assertThat(Span.current()).isSameAs(request);
    }
    request.end();

    SpanData inside = span("inside");
    SpanData inference = span("inference minilm");
    assertThat(inference.getParentSpanId()).isEqualTo(request.getSpanContext().getSpanId());
    assertThat(inside.getParentSpanId()).isEqualTo(inference.getSpanId());
    assertThat(inference.getTraceId()).isEqualTo(span("request").getTraceId());
  }

  @Test
  void start_modelWithinModel_nests() {
    Inference outer = backend.model().start(1, -1);
    Inference inner =
        backend.recorder.model(new ModelNames("inner", null, "onnxruntime", "1")).start(1, -1);
    inner.end(null, 0, null);
    outer.end(null, 0, null);

    assertThat(span("inference inner").getParentSpanId())
        .isEqualTo(span("inference minilm").getSpanId());
    assertThat(Span.current().getSpanContext().isValid()).isFalse();
  }

  @Test
  void digest_known_isOnLaterSpansAndOnTheOneUnderWay() {
    ModelTelemetry model = backend.model();
    model.start(1, -1).end(null, 0, null);
    Inference underWay = model.start(1, -1);
    model.digest("ab12");
    underWay.end(null, 0, null);
    model.start(1, -1).end(null, 0, null);

    assertThat(backend.spans())
        .extracting(span -> span.getAttributes().get(Keys.ARTIFACT_HASH))
        .containsExactly(null, "sha256:ab12", "sha256:ab12");
  }

  @Test
  void end_failure_setsStatusAndSameErrorTypeOnSpanAndMetric() {
    backend.model().start(1, -1).end(null, 0, new IllegalStateException("secret prompt"));

    SpanData span = backend.onlySpan();
    assertThat(span.getStatus()).isEqualTo(StatusData.error());
    assertThat(span.getAttributes().get(Keys.ERROR_TYPE))
        .isEqualTo("java.lang.IllegalStateException");
    assertThat(duration("java.lang.IllegalStateException").getCount()).isEqualTo(1);
    assertThat(span.getEvents()).isEmpty();
    assertThat(backend.events()).isEmpty();
    assertThat(span.toString()).doesNotContain("secret");
  }

  @Test
  void end_twice_countsOnce() {
    Inference inference = backend.model().start(1, -1);
    inference.end(null, 0, null);
    inference.end(null, 0, new IllegalStateException());

    assertThat(backend.onlySpan().getStatus()).isEqualTo(StatusData.unset());
    assertThat(duration(null).getCount()).isEqualTo(1);
  }

  @Test
  void start_spansOff_leavesTheApplicationsSpanCurrent() {
    try (Backend metricsOnly =
        new Backend(new RecorderSettings(false, true, true), Sampler.alwaysOn())) {
      Span before = Span.current();
      Inference inference = metricsOnly.model().start(1, -1);
      assertThat(Span.current()).isSameAs(before);
      inference.end(null, 0, null);

      assertThat(metricsOnly.spans()).isEmpty();
      assertThat(metricsOnly.metric(InnerspanMetrics.INFERENCE_DURATION)).isNotNull();
    }
  }

  @Test
  void start_metricsOff_givesSpansOnly() {
    try (Backend spansOnly =
        new Backend(new RecorderSettings(true, false, true), Sampler.alwaysOn())) {
      ModelTelemetry model = spansOnly.model();
      Packs.on(model, List.of(Packs.probe("p", 0.5)));
      model.start(1, -1).end(new float[] {1, 4}, 1, null);

      assertThat(spansOnly.onlySpan().getAttributes().get(Keys.probeLabel("p"))).isEqualTo("yes");
      assertThat(spansOnly.metrics()).isEmpty();
    }
  }

  @Test
  void modelNames_filenameWithFolder_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new ModelNames(null, "/home/ann/model.onnx", "onnxruntime", "1"))
        .withMessageContaining("/home/ann/model.onnx");
  }

  private SpanData span(String name) {
    return backend.spans().stream()
        .filter(span -> span.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private HistogramPointData duration(@Nullable String errorType) {
    return backend.histogram(
        "innerspan.inference.duration",
        Attributes.builder()
            .put("innerspan.model.name", "minilm")
            .put("innerspan.engine.name", "onnxruntime")
            .put(Keys.ERROR_TYPE, errorType)
            .build());
  }
}
