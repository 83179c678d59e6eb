package io.innerspan.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.semconv.CanaryReference;
import io.innerspan.semconv.InnerspanEvents;
import io.innerspan.semconv.InnerspanMetrics;
import io.innerspan.semconv.RefusalReason;
import io.innerspan.signals.monitor.CanaryMonitor;
import io.innerspan.signals.monitor.Change;
import io.innerspan.signals.monitor.ChangeMonitor;
import io.innerspan.signals.monitor.Monitors;
import io.innerspan.signals.monitor.Rule;
import io.innerspan.signals.monitor.Severity;
import io.innerspan.signals.monitor.StandingMonitors;
import io.innerspan.signals.pack.Canary;
import io.innerspan.signals.pack.CanaryKind;
import io.innerspan.signals.pack.GoldenReading;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.pack.TokenizerIdentity;
import io.innerspan.signals.safetensors.Tensor;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What monitors find leaves as events and counts, in the context of the inference. */
class FindingEventsTest {
  private final Backend backend = new Backend();

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void reading_thatReachesAThreshold_raisesAFindingInItsInference() {
    ModelTelemetry model = backend.model();
    model.digest("0".repeat(64));
    Findings.watch(model, 0);

    read(model, 1);
    read(model, 7);
    read(model, 8);
    backend.recorder.batches().drain();

    LogRecordData event = onlyFinding(backend);
    assertThat(event.getSpanContext().getSpanId())
        .isEqualTo(backend.spans().get(1).getSpanContext().getSpanId());
    assertThat(event.getSeverity().name()).isEqualTo(InnerspanEvents.FINDING_SEVERITY);
    Attributes attributes = event.getAttributes();
    assertThat(attributes.get(Keys.EVENT_NAME)).isEqualTo("innerspan.finding");
    assertThat(attributes.get(Keys.FINDING_KIND)).isEqualTo("threshold");
    assertThat(attributes.get(Keys.FINDING_SEVERITY)).isEqualTo("high");
    assertThat(attributes.get(Keys.FINDING_SCORE)).isEqualTo(7);
    assertThat(attributes.get(Keys.FINDING_THRESHOLD)).isEqualTo(5);
    assertThat(attributes.get(Keys.FINDING_DIRECTION)).isEqualTo("above");
    assertThat(attributes.get(Keys.FINDING_COUNT)).isEqualTo(1);
    assertThat(attributes.get(Keys.FINDING_SUPPRESSED)).isZero();
    assertThat(attributes.get(Keys.FINDING_TAGS)).containsExactly("owasp:LLM01");
    assertThat(attributes.get(Keys.MONITOR_ID)).isEqualTo("high");
    assertThat(attributes.get(Keys.SIGNAL_ID)).isEqualTo("n");
    assertThat(attributes.get(Keys.RULE_NAME)).isEqualTo("high");
    assertThat(attributes.get(Keys.RULE_VERSION)).isEqualTo("1.2.0");
    assertThat(attributes.get(Keys.RULESET_NAME)).isEqualTo("guard");
    assertThat(attributes.get(Keys.RULE_REFERENCE)).isEqualTo("https://wiki.example.com/high");
    assertThat(attributes.get(Keys.PACK)).isEqualTo(List.of("guard@1.2.0"));
    assertThat(attributes.get(Keys.PACK_HASH)).isEqualTo("sha256:" + Packs.DIGEST);
    assertThat(attributes.get(Keys.TOKENIZER_HASH)).isNull();
    assertThat(attributes.get(Keys.MODEL_NAME)).isEqualTo("minilm");
    assertThat(attributes.get(Keys.ARTIFACT_HASH)).isEqualTo("sha256:" + "0".repeat(64));
    assertThat(attributes.get(Keys.FINDING_CONFIDENCE)).isNull();
    assertThat(attributes.get(Keys.FINDING_P_VALUE)).isNull();
    SpanData inference = backend.spans().get(1);
    SpanData mark =
        backend.spans().stream()
            .filter(span -> span.getName().equals("finding minilm"))
            .findFirst()
            .orElseThrow();
    assertThat(mark.getParentSpanId()).isEqualTo(inference.getSpanId());
    assertThat(mark.getTraceId()).isEqualTo(inference.getTraceId());
    assertThat(mark.getAttributes().asMap())
        .isEqualTo(
            Map.of(
                Keys.FINDING_ID, attributes.get(Keys.FINDING_ID),
                Keys.FINDING_KIND, "threshold",
                Keys.FINDING_SEVERITY, "high",
                Keys.MONITOR_ID, "high",
                Keys.MODEL_NAME, "minilm"));
    assertThat(
            backend.counter(
                InnerspanMetrics.FINDING_RAISED,
                Attributes.builder()
                    .put(Keys.FINDING_KIND, "threshold")
                    .put(Keys.FINDING_SEVERITY, "high")
                    .put(Keys.MONITOR_ID, "high")
                    .put(Keys.MODEL_NAME, "minilm")
                    .build()))
        .isEqualTo(1);
  }

  /** Who does not sample the inference does not want the mark. */
  @Test
  void finding_ofAnInferenceThatIsNotSampled_marksNoTrace() {
    try (Backend unsampled = new Backend(RecorderSettings.all(), Sampler.alwaysOff())) {
      ModelTelemetry model = unsampled.model();
      Findings.watch(model, 0);
      read(model, 7);
      unsampled.recorder.batches().drain();

      assertThat(onlyFinding(unsampled).getAttributes().get(Keys.FINDING_KIND))
          .isEqualTo("threshold");
      assertThat(unsampled.spans()).isEmpty();
    }
  }

  @Test
  void findings_heldBack_areCountedAndTold() {
    ModelTelemetry model = backend.model();
    Findings.watch(model, 3600);
    for (int i = 0; i < 3; i++) {
      read(model, 9);
      read(model, 1);
    }
    backend.recorder.batches().drain();

    onlyFinding(backend);
    assertThat(
            backend.counter(
                InnerspanMetrics.FINDING_HELD_BACK,
                Attributes.builder()
                    .put(Keys.FINDING_KIND, "threshold")
                    .put(Keys.MONITOR_ID, "high")
                    .put(Keys.MODEL_NAME, "minilm")
                    .build()))
        .isEqualTo(2);
  }

  @Test
  void failures_ofTheApplicationAndOfUs_areASpike() {
    ModelTelemetry model = backend.model();
    Findings.watch(model, 0);

    model.start(1, -1).end(null, 0, new IllegalStateException());
    model.fellBack();
    assertThat(backend.events()).isEmpty();
    model.noReadings();
    model.graftRefused(RefusalReason.RUN_FAILED);

    LogRecordData event = onlyFinding(backend);
    assertThat(event.getAttributes().get(Keys.FINDING_KIND)).isEqualTo("spike");
    assertThat(event.getAttributes().get(Keys.FINDING_COUNT)).isEqualTo(3);
  }

  @Test
  void rows_withoutAReading_areRefusals() {
    ModelTelemetry model = backend.model();
    Findings.watch(model, 0);
    for (int i = 0; i < 3; i++) {
      model.start(1, -1).end(new float[] {1, 0}, 1, null);
    }

    assertThat(onlyFinding(backend).getAttributes().get(Keys.MONITOR_ID)).isEqualTo("wrong");
  }

  @Test
  void findings_withoutMetrics_areRaisedAllTheSame() {
    try (Backend without =
        new Backend(new RecorderSettings(true, false, true), Sampler.alwaysOn())) {
      ModelTelemetry model = without.model();
      Findings.watch(model, 0);
      read(model, 9);
      without.recorder.batches().drain();

      onlyFinding(without);
    }
  }

  @Test
  void findings_withoutEvents_areCounted() {
    try (Backend without =
        new Backend(new RecorderSettings(true, true, false), Sampler.alwaysOn())) {
      ModelTelemetry model = without.model();
      Findings.watch(model, 0);
      read(model, 9);
      without.recorder.batches().drain();

      assertThat(without.events()).isEmpty();
      assertThat(without.metric(InnerspanMetrics.FINDING_RAISED).getLongSumData().getPoints())
          .singleElement()
          .satisfies(point -> assertThat(point.getValue()).isEqualTo(1));
    }
  }

  @Test
  void model_thatIsAnotherOneAtItsPlace_isAFinding() {
    open("/srv/models/a/model.onnx", "1".repeat(64));
    open("/srv/models/a/model.onnx", "1".repeat(64));
    open("/srv/models/b/model.onnx", "2".repeat(64));
    assertThat(backend.events()).as("another model of the same name").isEmpty();

    open("/srv/models/a/model.onnx", "3".repeat(64));
    Attributes attributes = onlyFinding(backend).getAttributes();
    assertThat(attributes.get(Keys.FINDING_KIND)).isEqualTo("model_change");
    assertThat(attributes.get(Keys.FINDING_DIRECTION)).isEqualTo("change");
    assertThat(attributes.get(Keys.FINDING_BASELINE)).isEqualTo("sha256:" + "1".repeat(64));
    assertThat(attributes.get(Keys.ARTIFACT_HASH)).isEqualTo("sha256:" + "3".repeat(64));
    assertThat(attributes.get(Keys.PACK)).isNull();

    open("/srv/models/a/model.onnx", "1".repeat(64));
    open("/srv/models/a/model.onnx", "3".repeat(64));
    assertThat(backend.events()).as("back, and the second time within the hold").hasSize(2);
  }

  @Test
  void tokenizer_thatIsAnotherOneAtItsPlace_isAFinding() {
    String place = "/srv/models/a/model.onnx";
    String model = "1".repeat(64);
    tokenizer(place, model, "a".repeat(64));
    tokenizer(place, model, "a".repeat(64));
    tokenizer("/srv/models/b/model.onnx", model, "b".repeat(64));
    // Neither is the tokenizer's first digest a change of the model's.
    assertThat(backend.events()).isEmpty();

    tokenizer(place, model, "c".repeat(64));
    Attributes attributes = onlyFinding(backend).getAttributes();
    assertThat(attributes.get(Keys.FINDING_KIND)).isEqualTo("model_change");
    assertThat(attributes.get(Keys.MONITOR_ID)).isEqualTo("tokenizer_change");
    assertThat(attributes.get(Keys.FINDING_SEVERITY)).isEqualTo("medium");
    assertThat(attributes.get(Keys.FINDING_DIRECTION)).isEqualTo("change");
    assertThat(attributes.get(Keys.FINDING_BASELINE)).isEqualTo("sha256:" + "a".repeat(64));
    assertThat(attributes.get(Keys.TOKENIZER_HASH)).isEqualTo("sha256:" + "c".repeat(64));
    assertThat(attributes.get(Keys.ARTIFACT_HASH)).isEqualTo("sha256:" + model);

    tokenizer(place, model, "a".repeat(64));
    tokenizer(place, model, "c".repeat(64));
    assertThat(backend.events()).as("back, and the second time within the hold").hasSize(2);
  }

  @Test
  void modelAndTokenizer_thatChangeTogether_areAFindingEach() {
    String place = "/srv/models/a/model.onnx";
    tokenizer(place, "1".repeat(64), "a".repeat(64));
    tokenizer(place, "2".repeat(64), "b".repeat(64));

    assertThat(backend.events())
        .extracting(event -> event.getAttributes().get(Keys.MONITOR_ID))
        .containsExactly("model_change", "tokenizer_change");
  }

  @Test
  void pack_ofAnotherTokenizer_isAFindingOncePerHold() {
    ProbePack pack = Packs.pack("guard", "1.2.0", List.of(Packs.norm("n")));
    TokenizerIdentity expected = new TokenizerIdentity("e".repeat(64));
    for (int session = 0; session < 2; session++) {
      ModelTelemetry model = tokenizer("/srv/model.onnx", "1".repeat(64), "a".repeat(64));
      model.tokenizerMismatch(pack, expected, "a".repeat(64));
    }

    Attributes attributes = onlyFinding(backend).getAttributes();
    assertThat(attributes.get(Keys.FINDING_KIND)).isEqualTo("model_change");
    assertThat(attributes.get(Keys.MONITOR_ID)).isEqualTo("tokenizer_mismatch");
    assertThat(attributes.get(Keys.FINDING_SEVERITY)).isEqualTo("medium");
    assertThat(attributes.get(Keys.FINDING_BASELINE)).isEqualTo("sha256:" + "e".repeat(64));
    assertThat(attributes.get(Keys.TOKENIZER_HASH)).isEqualTo("sha256:" + "a".repeat(64));
    assertThat(attributes.get(Keys.PACK)).containsExactly("guard@1.2.0");
    assertThat(attributes.get(Keys.PACK_HASH)).isEqualTo("sha256:" + Packs.DIGEST);
  }

  @Test
  void pack_ofOtherWeights_isAFindingOncePerHold() {
    ProbePack pack = Packs.pack("guard", "1.2.0", List.of(Packs.norm("n")));
    for (int session = 0; session < 2; session++) {
      ModelTelemetry model = at("/srv/model.onnx");
      model.digest("1".repeat(64));
      model.modelMismatch(pack, "1".repeat(64));
    }

    Attributes attributes = onlyFinding(backend).getAttributes();
    assertThat(attributes.get(Keys.FINDING_KIND)).isEqualTo("model_change");
    assertThat(attributes.get(Keys.MONITOR_ID)).isEqualTo("model_mismatch");
    assertThat(attributes.get(Keys.FINDING_SEVERITY)).isEqualTo("medium");
    assertThat(attributes.get(Keys.FINDING_TAGS))
        .containsExactly("atlas:AML.T0010", "owasp:LLM03:2025");
    assertThat(attributes.get(Keys.FINDING_BASELINE)).isEqualTo("sha256:" + Packs.DIGEST);
    assertThat(attributes.get(Keys.ARTIFACT_HASH)).isEqualTo("sha256:" + "1".repeat(64));
    assertThat(attributes.get(Keys.PACK)).containsExactly("guard@1.2.0");
    assertThat(attributes.get(Keys.PACK_HASH)).isEqualTo("sha256:" + Packs.DIGEST);
  }

  @Test
  void mismatch_ofADeclaredMonitor_hasWhatItDeclares() {
    ProbePack pack = declared(Set.of(Change.MODEL_MISMATCH), Set.of());
    ModelTelemetry model = at("/srv/model.onnx");
    model.modelMismatch(pack, "1".repeat(64));
    model.modelMismatch(pack, "1".repeat(64));

    assertThat(backend.events()).as("without a hold").hasSize(2);
    assertDeclared(backend.events().get(0).getAttributes());
  }

  @Test
  void change_ofAModelThatAPackIsFor_hasWhatThePackDeclares() {
    backend.recorder.packs(
        List.of(
            declared(Set.of(Change.MODEL_CHANGE), Set.of("tokenizer_change")),
            Packs.pack("other", "1.0.0", "e".repeat(64), List.of(Packs.norm("m")))));
    // The pack is for the digest before.
    String place = "/srv/models/a/model.onnx";
    tokenizer(place, Packs.DIGEST, "a".repeat(64));
    tokenizer(place, "2".repeat(64), "b".repeat(64));
    Attributes attributes = onlyFinding(backend).getAttributes();
    assertDeclared(attributes);
    assertThat(attributes.get(Keys.FINDING_BASELINE)).isEqualTo("sha256:" + Packs.DIGEST);
    assertThat(attributes.get(Keys.ARTIFACT_HASH)).isEqualTo("sha256:" + "2".repeat(64));

    tokenizer("/srv/models/b/model.onnx", "3".repeat(64), "a".repeat(64));
    tokenizer("/srv/models/b/model.onnx", "4".repeat(64), "b".repeat(64));
    assertThat(backend.events())
        .as("of another model")
        .extracting(event -> event.getAttributes().get(Keys.MONITOR_ID))
        .containsExactly("own", "model_change", "tokenizer_change");
  }

  @Test
  void canary_ofADeclaredMonitor_hasWhatItDeclares() {
    ProbePack pack = declared(Set.of(Change.MODEL_CHANGE), Set.of());
    GoldenReading.Deviation deviation = new GoldenReading.Deviation("n", 2, "row 0", 1, 2);
    ModelTelemetry model = at("/srv/model.onnx");
    for (CanaryKind kind : CanaryKind.values()) {
      Map<String, Tensor> inputs = Map.of("input_ids", Tensor.ofLongs(new long[] {1}, 1, 1));
      Canary canary = new Canary(kind.label(), kind, inputs, Map.of());
      model.canaryMoved(canary, pack, CanaryReference.FIRST, deviation);
    }

    assertThat(backend.events())
        .extracting(event -> event.getAttributes().get(Keys.MONITOR_ID))
        .containsExactly("canary", "attacks");
    Attributes standing = backend.events().get(0).getAttributes();
    assertThat(standing.get(Keys.FINDING_SEVERITY)).isEqualTo("medium");
    assertThat(standing.get(Keys.FINDING_TAGS))
        .containsExactly("atlas:AML.T0018", "owasp:LLM04:2025");
    Attributes own = backend.events().get(1).getAttributes();
    assertThat(own.get(Keys.FINDING_KIND)).isEqualTo("canary");
    assertThat(own.get(Keys.FINDING_SEVERITY)).isEqualTo("critical");
    assertThat(own.get(Keys.FINDING_TAGS)).isNull();
  }

  @Test
  void findings_thatAreDisabled_areNotRaised() {
    Monitors none = new Monitors(List.of(), List.of(), Set.copyOf(StandingMonitors.IDS));
    ProbePack pack = Packs.pack("guard", "1.2.0", List.of(Packs.norm("n"))).withMonitors(none);
    backend.recorder.packs(List.of(pack));
    tokenizer("/srv/model.onnx", Packs.DIGEST, "a".repeat(64));
    ModelTelemetry model = tokenizer("/srv/model.onnx", "1".repeat(64), "b".repeat(64));
    model.modelMismatch(pack, "1".repeat(64));
    model.tokenizerMismatch(pack, new TokenizerIdentity("e".repeat(64)), "b".repeat(64));
    Map<String, Tensor> inputs = Map.of("input_ids", Tensor.ofLongs(new long[] {1}, 1, 1));
    model.canaryMoved(
        new Canary("attack", CanaryKind.RED_TEAM, inputs, Map.of()),
        pack,
        CanaryReference.FIRST,
        new GoldenReading.Deviation("n", 2, "row 0", 1, 2));

    assertThat(backend.events()).isEmpty();
  }

  /** A pack whose monitor {@code own} tells of changes, and {@code attacks} of canaries. */
  private static ProbePack declared(Set<Change> changes, Set<String> disabled) {
    Rule own =
        new Rule(
            "own", Severity.CRITICAL, List.of("acme:7"), "https://wiki.example.com/own", 0, null);
    Monitors monitors =
        new Monitors(
            List.of(
                new ChangeMonitor(own, changes),
                new CanaryMonitor(new Rule("attacks", Severity.CRITICAL), Set.of("red_team"))),
            List.of(),
            disabled);
    return Packs.pack("guard", "1.2.0", List.of(Packs.norm("n"))).withMonitors(monitors);
  }

  private static void assertDeclared(Attributes attributes) {
    assertThat(attributes.get(Keys.FINDING_KIND)).isEqualTo("model_change");
    assertThat(attributes.get(Keys.MONITOR_ID)).isEqualTo("own");
    assertThat(attributes.get(Keys.FINDING_SEVERITY)).isEqualTo("critical");
    assertThat(attributes.get(Keys.FINDING_TAGS)).containsExactly("acme:7");
    assertThat(attributes.get(Keys.RULE_REFERENCE)).isEqualTo("https://wiki.example.com/own");
    assertThat(attributes.get(Keys.PACK)).containsExactly("guard@1.2.0");
    assertThat(attributes.get(Keys.PACK_HASH)).isEqualTo("sha256:" + Packs.DIGEST);
  }

  private void open(String place, String digest) {
    at(place).digest(digest);
  }

  private ModelTelemetry tokenizer(String place, String digest, String tokenizer) {
    ModelTelemetry model = at(place);
    model.digest(digest);
    model.tokenizer(tokenizer);
    return model;
  }

  private ModelTelemetry at(String place) {
    return backend.recorder.model(
        new ModelNames("model", "model.onnx", "onnxruntime", "1.29.0", place));
  }

  private static LogRecordData onlyFinding(Backend backend) {
    List<LogRecordData> events =
        backend.events().stream()
            .filter(
                event ->
                    "innerspan.finding"
                        .equals(event.getAttributes().get(AttributeKey.stringKey("event.name"))))
            .toList();
    assertThat(events).hasSize(1);
    return events.get(0);
  }

  private static void read(ModelTelemetry model, float norm) {
    model.start(1, -1).end(new float[] {norm, 3}, 1, null);
  }
}
