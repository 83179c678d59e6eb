package io.innerspan.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.recorder.content.ContentMode;
import io.innerspan.recorder.content.ContentPolicy;
import io.innerspan.recorder.content.ContentSettings;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.Signal;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Scope;
import io.opentelemetry.javaagent.innerspan.bridge.ApplicationObserver;
import io.opentelemetry.javaagent.innerspan.bridge.LastReading;
import io.opentelemetry.javaagent.innerspan.bridge.ReportedOutcome;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ApplicationTelemetryTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";

  private final Backend backend = new Backend();
  private final ModelTelemetry model = backend.model();
  private final ApplicationObserver application = application(ContentPolicy.off());

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void currentReading_beforeAny_isNone() throws InterruptedException {
    Thread other = new Thread(() -> assertThat(application.currentReading()).isNull());
    other.start();
    other.join();
  }

  @Test
  void currentReading_isWhatTheSpanSays() {
    model.digest("ab12");
    Packs.on(
        model,
        List.of(Packs.probe("high", 0.5), Packs.probe("low", 0.5), Packs.probe("open", null)));
    read(2, Packs.NINE_TENTHS, Packs.ONE_TENTH, 0, 2, Packs.ONE_TENTH, Packs.ONE_TENTH, 0, 2);

    LastReading reading = application.currentReading();

    assertThat(reading.model()).isEqualTo("minilm");
    assertThat(reading.modelDigest()).isEqualTo("sha256:ab12");
    assertThat(reading.traceId()).isEqualTo(backend.onlySpan().getTraceId());
    assertThat(reading.spanId()).isEqualTo(backend.onlySpan().getSpanId());
    assertThat(reading.scores()).containsOnlyKeys("high", "low", "open");
    assertThat(reading.scores().get("high")).isCloseTo(0.9, within(1e-6));
    assertThat(reading.scores().get("low")).isCloseTo(0.1, within(1e-6));
    assertThat(reading.thresholds()).isEqualTo(Map.of("high", 0.5, "low", 0.5));
    assertThat(reading.crossed()).containsExactly("high");
  }

  @Test
  void currentReading_hasEverySignalsValues_asOnTheSpan() {
    List<Signal> signals =
        List.of(Packs.norm("norm_4"), Kinds.confidence("sure", null), Kinds.distance("ordinary"));
    ReadingLayout layout = new ReadingLayout(signals);
    model.readings(layout, List.of(Packs.pack("guard", "1.2.0", signals)));
    float[] values = new float[layout.columns()];
    Arrays.fill(values, 0.25f);
    values[layout.tokensColumn()] = 3;
    model.start(1, -1).end(values, 1, null);

    Map<String, Map<String, Object>> told = application.currentReading().signals();

    Attributes span = backend.onlySpan().getAttributes();
    assertThat(told).containsOnlyKeys("norm_4", "sure", "ordinary");
    assertThat(told.get("norm_4")).isEqualTo(Map.of("l2_norm", 0.25));
    assertThat(told.get("ordinary"))
        .isEqualTo(
            Map.of(
                "distance",
                span.get(AttributeKey.doubleKey("innerspan.population.ordinary.distance"))));
    assertThat(told.get("sure"))
        .containsEntry(
            "max_probability",
            span.get(AttributeKey.doubleKey("innerspan.confidence.sure.max_probability")));
  }

  @Test
  void currentReading_afterAnInferenceWithoutReading_isNone() {
    Packs.on(model, List.of(Packs.probe("high", 0.5)));
    read(1, 1, 1);
    model.start(1, -1).end(null, 0, null);

    assertThat(application.currentReading()).isNull();
  }

  @Test
  void currentReading_inAnotherTrace_isNone() {
    Packs.on(model, List.of(Packs.probe("high", 0.5)));
    Span request = span();
    try (Scope scope = request.makeCurrent()) {
      read(1, 1, 1);
      assertThat(application.currentReading()).isNotNull();
      assertThat(application.currentReading().traceId())
          .isEqualTo(request.getSpanContext().getTraceId());
    }
    assertThat(application.currentReading()).isNull();
    try (Scope scope = span().makeCurrent()) {
      assertThat(application.currentReading()).isNull();
    }
    try (Scope scope = request.makeCurrent()) {
      assertThat(application.currentReading()).isNotNull();
    }
  }

  @Test
  void currentReading_ofALargeBatch_isTheSame() {
    Packs.on(model, List.of(Packs.probe("high", 0.5)));
    int rows = LastReadings.KEPT_VALUES;
    float[] values = new float[2 * rows];
    Arrays.fill(values, 1);
    values[2 * rows - 2] = Packs.NINE_TENTHS;
    model.start(rows, -1).end(values, rows, null);

    assertThat(application.currentReading().scores().get("high")).isCloseTo(0.9, within(1e-6));
    assertThat(application.currentReading()).isEqualTo(application.currentReading());
  }

  @Test
  void currentReading_withoutSpans_isThereWithoutIds() {
    try (Backend quiet = new Backend(new RecorderSettings(false, true, true), Sampler.alwaysOn())) {
      ModelTelemetry other = quiet.model();
      Packs.on(other, List.of(Packs.probe("high", 0.5)));
      other.start(1, -1).end(new float[] {1, 1}, 1, null);

      assertThat(application.currentReading().scores()).containsOnlyKeys("high");
      assertThat(application.currentReading().traceId()).isEmpty();
    }
  }

  @Test
  void outcome_isAnEventInTheCurrentTrace() {
    Span request = span();
    try (Scope scope = request.makeCurrent()) {
      application.outcome(outcome("task_success", "task_success", "pass", 1, null, null));
    }

    LogRecordData event = event("gen_ai.evaluation.result");
    assertThat(event.getSpanContext()).isEqualTo(request.getSpanContext());
    assertThat(event.getAttributes().asMap())
        .isEqualTo(
            Map.of(
                AttributeKey.stringKey("event.name"), "gen_ai.evaluation.result",
                AttributeKey.stringKey("innerspan.outcome.kind"), "task_success",
                AttributeKey.stringKey("gen_ai.evaluation.name"), "task_success",
                AttributeKey.stringKey("gen_ai.evaluation.score.label"), "pass",
                AttributeKey.doubleKey("gen_ai.evaluation.score.value"), 1.0));
  }

  @Test
  void outcome_ofAGivenSpan_isInItsTrace() {
    application.outcome(outcome("human_verdict", "helpfulness", "bad", Double.NaN, TRACE, SPAN));

    LogRecordData event = event("gen_ai.evaluation.result");
    assertThat(event.getSpanContext().getTraceId()).isEqualTo(TRACE);
    assertThat(event.getSpanContext().getSpanId()).isEqualTo(SPAN);
    assertThat(event.getAttributes().get(AttributeKey.doubleKey("gen_ai.evaluation.score.value")))
        .isNull();
  }

  @Test
  void outcome_withAnExplanation_keepsItToItself_unlessContentIsOn() throws Exception {
    ReportedOutcome outcome =
        new ReportedOutcome(
            "escalation",
            "escalation",
            "escalated",
            Double.NaN,
            "call +49 30 9018200",
            "r1",
            TRACE,
            SPAN);
    application.outcome(outcome);
    assertThat(event("gen_ai.evaluation.result").toString()).doesNotContain("9018200", "call");

    try (Backend other = new Backend()) {
      other
          .recorder
          .application(other.recorder.content(policy(ContentMode.REDACTED)))
          .outcome(outcome);
      Attributes attributes = other.events().get(0).getAttributes();
      assertThat(attributes.get(AttributeKey.stringKey("gen_ai.evaluation.explanation")))
          .isEqualTo("call [phone]");
      assertThat(attributes.get(AttributeKey.stringKey("innerspan.content.retention")))
          .isEqualTo("short");
      assertThat(attributes.get(AttributeKey.stringKey("gen_ai.response.id"))).isEqualTo("r1");
    }
  }

  @Test
  void verdicts_ofJudgeAndHuman_areCompared() {
    for (int i = 0; i < 4; i++) {
      String trace = TRACE.substring(1) + i;
      application.outcome(outcome("judge_verdict", "tone", i < 2 ? "a" : "b", 0, trace, SPAN));
      application.outcome(outcome("human_verdict", "tone", i < 3 ? "a" : "b", 0, trace, SPAN));
    }

    assertThat(backend.counter("innerspan.outcome.comparison", compared("agree"))).isEqualTo(3);
    assertThat(backend.counter("innerspan.outcome.comparison", compared("disagree"))).isEqualTo(1);
    // Observed .75, expected .5 * .75 + .5 * .25.
    assertThat(
            backend
                .metric("innerspan.outcome.kappa")
                .getDoubleGaugeData()
                .getPoints()
                .iterator()
                .next()
                .getValue())
        .isCloseTo(0.5, within(1e-12));
  }

  @Test
  void outcomes_ofEverNewNames_haveBoundedSeries() {
    for (int i = 0; i < 1000; i++) {
      application.outcome(outcome("human_verdict", "e" + i, "l" + i, 0, TRACE, SPAN));
    }

    assertThat(backend.metric("innerspan.outcome.report").getLongSumData().getPoints())
        .hasSize(501);
    assertThat(backend.events()).hasSize(1000);
  }

  @Test
  void content_isOffByDefault() {
    application.content("input", "4111 1111 1111 1111");

    assertThat(backend.events()).isEmpty();
  }

  @Test
  void content_redacted_isAnEventInTheCurrentTrace() throws Exception {
    Span request = span();
    try (Scope scope = request.makeCurrent()) {
      application(policy(ContentMode.REDACTED)).content("input", "pay 4111 1111 1111 1111 now");
    }

    LogRecordData event = event("innerspan.content.captured");
    assertThat(event.getSpanContext()).isEqualTo(request.getSpanContext());
    assertThat(event.getAttributes().asMap())
        .isEqualTo(
            Map.of(
                AttributeKey.stringKey("event.name"), "innerspan.content.captured",
                AttributeKey.stringKey("innerspan.content.kind"), "input",
                AttributeKey.stringKey("innerspan.content.text"), "pay [card] now",
                AttributeKey.longKey("innerspan.content.length"), 27L,
                AttributeKey.booleanKey("innerspan.content.truncated"), false,
                AttributeKey.stringArrayKey("innerspan.content.redactions"), List.of("card"),
                AttributeKey.stringKey("innerspan.content.retention"), "short"));
  }

  @Test
  void content_digested_holdsNoText() throws Exception {
    application(policy(ContentMode.DIGEST)).content("output", "pay 4111 1111 1111 1111 now");

    LogRecordData event = event("innerspan.content.captured");
    assertThat(event.getAttributes().get(AttributeKey.stringKey("innerspan.content.digest")))
        .matches("hmac-sha256:[0-9a-f]{64}");
    assertThat(event.toString()).doesNotContain("4111", "pay");
  }

  private ApplicationObserver application(ContentPolicy policy) {
    return backend.recorder.application(backend.recorder.content(policy));
  }

  private static ContentPolicy policy(ContentMode mode) throws Exception {
    return ContentPolicy.of(new ContentSettings(mode, 1000, 1, "short", null, null, null));
  }

  private void read(int rows, float... values) {
    model.start(rows, -1).end(values, rows, null);
  }

  private Span span() {
    return backend.sdk().getTracer("test").spanBuilder("request").startSpan();
  }

  private LogRecordData event(String name) {
    return backend.events().stream()
        .filter(event -> name.equals(event.getEventName()))
        .findFirst()
        .orElseThrow();
  }

  private static Attributes compared(String agreement) {
    return Attributes.of(
        AttributeKey.stringKey("gen_ai.evaluation.name"),
        "tone",
        AttributeKey.stringKey("innerspan.outcome.agreement"),
        agreement);
  }

  private static ReportedOutcome outcome(
      String kind, String name, String label, double score, String trace, String span) {
    return new ReportedOutcome(kind, name, label, score, null, null, trace, span);
  }
}
