package io.innerspan.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.recorder.content.ContentMode;
import io.innerspan.recorder.content.ContentPolicy;
import io.innerspan.recorder.content.ContentSettings;
import io.innerspan.semconv.CanaryOutcome;
import io.innerspan.semconv.CanaryReference;
import io.innerspan.semconv.ContentKind;
import io.innerspan.semconv.FaultPlace;
import io.innerspan.semconv.OutcomeKind;
import io.innerspan.semconv.RefusalReason;
import io.innerspan.semconv.SaliencyMissingReason;
import io.innerspan.semconv.SheddingReason;
import io.innerspan.semconv.generator.AttributeDefinition;
import io.innerspan.semconv.generator.AttributeDefinition.Member;
import io.innerspan.semconv.generator.AttributeReference;
import io.innerspan.semconv.generator.EventDefinition;
import io.innerspan.semconv.generator.MetricDefinition;
import io.innerspan.semconv.generator.Registry;
import io.innerspan.semconv.generator.RegistryReader;
import io.innerspan.semconv.generator.Signal;
import io.innerspan.semconv.generator.SpanDefinition;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.monitor.FindingKind;
import io.innerspan.signals.monitor.Severity;
import io.innerspan.signals.pack.Canary;
import io.innerspan.signals.pack.CanaryKind;
import io.innerspan.signals.pack.GoldenReading;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.pack.TokenizerIdentity;
import io.innerspan.signals.safetensors.Tensor;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.AttributeType;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.javaagent.innerspan.bridge.ApplicationObserver;
import io.opentelemetry.javaagent.innerspan.bridge.Inference;
import io.opentelemetry.javaagent.innerspan.bridge.McpMessage;
import io.opentelemetry.javaagent.innerspan.bridge.McpObserver;
import io.opentelemetry.javaagent.innerspan.bridge.McpOutcome;
import io.opentelemetry.javaagent.innerspan.bridge.Prediction;
import io.opentelemetry.javaagent.innerspan.bridge.Prediction.Phase;
import io.opentelemetry.javaagent.innerspan.bridge.ReportedOutcome;
import io.opentelemetry.javaagent.innerspan.bridge.Saliency;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Holds code and registry to each other, both ways: after the recorder has gone through every path,
 * each emitted name must be in the registry, and each name of the registry must have been emitted.
 */
class RegistryTest {
  private static final Logger FAULTS = Logger.getLogger(HealthCounters.class.getName());

  private static final String TEMPLATES = "probe|attention|lens|sae|confidence|population|steps";

  private static final Backend BACKEND =
      new Backend(
          new RecorderSettings(
              true,
              true,
              true,
              false,
              true,
              new CohortSettings(CohortKey.list("baggage:tier,resource:service.name"), 1)),
          Sampler.alwaysOn());

  /** What the extension itself emits; its own test holds that to the registry. */
  private static final String DELIVERY = "innerspan.delivery.";

  private static Registry registry;

  @BeforeAll
  static void emitEverything() throws IOException {
    registry = RegistryReader.read(Path.of("..", "..", "semantic-conventions", "registry"));
    ModelTelemetry model = BACKEND.model();
    model.start(1, -1).end(null, 0, null);
    model.digest("ab12");
    model.start(1, -1).end(null, 0, new IllegalStateException());

    List<io.innerspan.signals.Signal> signals = new ArrayList<>(Packs.probes(100, 0.5));
    signals.add(Packs.probe("prompt_injection", 0.5));
    signals.add(Packs.norm("norm_4"));
    Packs.on(model, signals);
    int columns = signals.size() + 1;
    float[] reading = new float[3 * columns];
    Arrays.fill(reading, 0, columns, 5);
    Arrays.fill(reading, 2 * columns, 3 * columns - 2, Float.NaN);
    reading[3 * columns - 1] = 4;
    model.start(3, -1).end(reading, 3, null);
    model.start(3, -1, 0).end(reading, 3, null);
    model.start(3, -1, 4).end(reading, 3, new IllegalStateException());
    emitSlices(model, columns);
    emitOtherSignals(model);
    BACKEND.recorder.generations().endAll();

    FAULTS.setLevel(Level.OFF);
    for (FaultPlace place : FaultPlace.values()) {
      BACKEND.recorder.health().fault(place.value(), new IllegalStateException());
    }
    FAULTS.setLevel(null);
    for (RefusalReason reason : RefusalReason.values()) {
      BACKEND.recorder.health().packRefused(reason);
      BACKEND.recorder.health().monitorRefused(reason);
      model.graftRefused(reason);
      model.signalRefused(reason);
      model.tapDropped(reason);
    }
    model.fellBack();
    for (SheddingReason reason : SheddingReason.values()) {
      model.shed(List.of("attn_0", "attn_1"), reason, 0);
    }
    model.restored(List.of("attn_0"));
    model.cost(List.of("attn_0"), 0.25);
    emitCanaries(model);
    emitPredictions(model);
    emitFindings(model);
    emitOutcomes();
    emitMessages();
    emitTexts();
    // Without the spans of as many inferences.
    model.room(Collections.nCopies(EventRoom.BURST + 1, new Crossings.Crossing(null, 0, 1)));
    model.explained(
        Context.root(), new Saliency("occlusion", 0, 1, "zero", true, new double[2], 1, 0, 0.5));
    for (SaliencyMissingReason reason : SaliencyMissingReason.values()) {
      model.notExplained(reason);
    }
  }

  /** Of each kind, with each outcome and each reference. */
  private static void emitCanaries(ModelTelemetry model) {
    ProbePack pack = Packs.pack("guard", "1.2.0", List.of(Packs.norm("n")));
    Map<String, Tensor> inputs = Map.of("input_ids", Tensor.ofLongs(new long[] {1}, 1, 1));
    for (CanaryKind kind : CanaryKind.values()) {
      for (CanaryOutcome outcome : CanaryOutcome.values()) {
        model.canaryReplayed(kind, outcome);
      }
      for (CanaryReference reference : CanaryReference.values()) {
        model.canaryCompared(kind, reference, Double.POSITIVE_INFINITY);
        Canary canary = new Canary(kind.label(), kind, inputs, Map.of());
        GoldenReading.Deviation deviation = new GoldenReading.Deviation("n", 2, "row 0", 1, 2);
        model.canaryMoved(canary, pack, reference, deviation);
        model.canaryMoved(canary, pack, reference, deviation);
      }
    }
  }

  /** Of each kind and severity, with everything and with nothing; and one that is held back. */
  private static void emitFindings(ModelTelemetry model) {
    for (FindingKind kind : FindingKind.values()) {
      model.found(Findings.bare(kind), (ProbePack) null, Context.root());
    }
    for (Severity severity : Severity.values()) {
      model.found(
          Findings.full(severity),
          Packs.pack("guard", "1.2.0", List.of(Packs.norm("n"))),
          Context.root());
    }
    ModelTelemetry watched = BACKEND.model();
    watched.digest("ab12");
    watched.tokenizer("cd34");
    Findings.watch(watched, 3600);
    for (float norm : new float[] {9, 1, 9}) {
      watched.start(1, -1).end(new float[] {norm, 3}, 1, null);
    }
    BACKEND.recorder.batches().drain();
    watched.missed();
    ModelTelemetry other = BACKEND.model();
    other.tokenizer("ef56");
    other.modelMismatch(Packs.pack("guard", "1.2.0", List.of(Packs.norm("n"))), "ab12");
    other.tokenizerMismatch(
        Packs.pack("guard", "1.2.0", List.of(Packs.norm("n"))),
        new TokenizerIdentity("0".repeat(64)),
        "ef56");
  }

  /** Every kind, with everything that one can have. */
  private static void emitOutcomes() throws IOException {
    String span = "00f067aa0ba902b7";
    for (ContentMode mode : List.of(ContentMode.DIGEST, ContentMode.REDACTED)) {
      ApplicationObserver application = BACKEND.recorder.application(content(mode));
      for (OutcomeKind kind : OutcomeKind.values()) {
        for (int i = 1; i < 4; i++) {
          String trace = "4bf92f3577b34da6a3ce929d0e0e473" + i;
          String label = i % 2 == 0 || kind == OutcomeKind.JUDGE_VERDICT ? "good" : "bad";
          ReportedOutcome outcome =
              new ReportedOutcome(kind.value(), "tone", label, 0.5, "why", "r1", trace, span);
          application.outcome(outcome);
        }
      }
      application.outcome(
          new ReportedOutcome(
              "human_verdict", "tone", "bad", 0.5, null, null, "a".repeat(32), span));
      application.outcome(
          new ReportedOutcome(
              "human_verdict", "tone", "bad", 0.5, null, null, "a".repeat(32), span));
      application.outcome(
          new ReportedOutcome(
              "judge_verdict", "tone", "bad", 0.5, null, null, "b".repeat(32), span));
      application.outcome(
          new ReportedOutcome(
              "judge_verdict", "tone", "bad", 0.5, null, null, "b".repeat(32), span));
    }
  }

  /** A tool, a prompt and a resource, that fail in every way, and a first message. */
  private static void emitMessages() throws IOException {
    McpObserver messages = BACKEND.recorder.mcp(content(ContentMode.OFF));
    McpMessage tool = new McpMessage("tools/call", "1", "weather", null, null, null, "pipe");
    McpMessage prompt = new McpMessage("prompts/get", "2", null, "summary", null, "s1", "tcp");
    McpMessage resource =
        new McpMessage("resources/read", "3", null, null, "file:///a", null, null);
    McpMessage first = new McpMessage("initialize", "4", null, null, null, null, null);
    messages.sends(tool).end(new McpOutcome(null, true, null, false, null, null));
    messages.sends(prompt).end(new McpOutcome(-32602, false, null, false, null, null));
    messages.sends(resource).end(McpOutcome.CANCELLED);
    messages.sends(first).end(new McpOutcome(null, false, null, false, "2025-06-18", null));
    messages.receives(tool, Map.of()).end(McpOutcome.failed(new IllegalStateException()));
    messages.receives(prompt, Map.of()).end(new McpOutcome(-32603, false, null, false, null, null));
    messages.receives(resource, Map.of()).end(McpOutcome.DONE);
    messages.receives(first, Map.of()).end(McpOutcome.DONE);
  }

  /** One value more than have slices of their own. */
  private static void emitSlices(ModelTelemetry model, int columns) {
    for (String tier : List.of("gold", "silver")) {
      try (Scope scope = Baggage.builder().put("tier", tier).build().makeCurrent()) {
        Inference inference = model.start(1, -1);
        float[] reading = new float[columns];
        reading[columns - 1] = 1;
        inference.end(reading, 1, null);
        model.start(1, -1).end(null, 0, new IllegalStateException());
      }
    }
  }

  private static void emitTexts() throws IOException {
    for (ContentKind kind : ContentKind.values()) {
      content(ContentMode.DIGEST).emit(kind, "a@example.org", Context.root());
      content(ContentMode.REDACTED).emit(kind, "a@example.org", Context.root());
    }
    FAULTS.setLevel(Level.OFF);
    Path slow = Files.createTempFile("patterns", null);
    Files.writeString(slow, "slow = ((a|aa)+)\\2b");
    ContentSettings settings =
        new ContentSettings(ContentMode.REDACTED, 100, 1, "short", slow, null, null);
    for (ContentKind kind : ContentKind.values()) {
      BACKEND
          .recorder
          .content(ContentPolicy.of(settings))
          .emit(kind, "a".repeat(100), Context.root());
    }
    Files.delete(slow);
    FAULTS.setLevel(null);
  }

  private static ContentEvents content(ContentMode mode) throws IOException {
    return BACKEND.recorder.content(
        ContentPolicy.of(new ContentSettings(mode, 100, 1, "short", null, null, null)));
  }

  /** One that goes well, and one that fails in each phase. */
  private static void emitPredictions(ModelTelemetry model) {
    Prediction good = model.predict(2, 0);
    for (Phase phase : Phase.values()) {
      good.phase(phase);
    }
    good.end(null, 0, null);
    for (Phase phase : Phase.values()) {
      Prediction failing = model.predict(2, 0);
      failing.phase(phase);
      failing.end(null, 0, new IllegalStateException());
    }
  }

  /** Every kind of signal, behind a gate, and more of them than fit on a span. */
  private static void emitOtherSignals(ModelTelemetry model) {
    List<io.innerspan.signals.Signal> signals = new ArrayList<>();
    signals.add(Packs.probe("prompt_injection", null));
    signals.add(Kinds.summary("resid_4"));
    signals.add(Kinds.lens("lens", 3));
    signals.add(Kinds.sae("sae_8", "refusal"));
    signals.add(Kinds.confidence("sure", "prompt_injection"));
    signals.add(Kinds.distance("ordinary"));
    for (int i = 0; i < 10; i++) {
      signals.add(Kinds.attention("attn_" + i, 2));
    }
    ReadingLayout layout = new ReadingLayout(signals, Collections.nCopies(signals.size(), 0), 0);
    model.readings(layout, List.of(Packs.pack("guard", "1.2.0", signals)));
    float[] reading = new float[2 * layout.columns()];
    Arrays.fill(reading, 0.5f);
    for (int layer = 0; layer < 3; layer++) {
      reading[layout.firstColumn(2) + 7 * layer + 6] = 0;
      reading[layout.columns() + layout.firstColumn(2) + 7 * layer + 6] = 0;
    }
    reading[layout.tokensColumn()] = 3;
    reading[layout.columns() + layout.tokensColumn()] = 3;
    model.start(2, 1).end(reading, 2, null);
    model.start(2, 1, 0).end(reading, 2, null);
    Recorder perHead =
        new Recorder(BACKEND.sdk(), new RecorderSettings(false, true, false, true), "0.1.0");
    ModelTelemetry other = perHead.model(Backend.NAMES);
    Packs.on(other, List.of(Kinds.attention("attn_0", 1)));
    other.start(1, -1).end(new float[] {1, 1, 1, 1}, 1, null);
    perHead.close();
  }

  @AfterAll
  static void close() {
    BACKEND.close();
  }

  @Test
  void spans_emitted_areTheRegistrys() {
    List<SpanDefinition> ours =
        registry.spans().stream().filter(span -> span.name().startsWith("innerspan.")).toList();
    assertThat(ours).hasSize(6);
    for (SpanDefinition definition : ours) {
      String name = definition.nameRule().replace("{innerspan.model.name}", "minilm");
      assertThat(name).startsWith(definition.operation());
      List<SpanData> spans =
          BACKEND.spans().stream().filter(span -> span.getName().equals(name)).toList();
      assertThat(spans)
          .hasSize(
              switch (definition.operation()) {
                case "inference" -> 15;
                case "finding" -> 1;
                default -> 2;
              });
      assertThat(spans)
          .allMatch(
              span -> span.getKind().name().equals(definition.kind().toUpperCase(Locale.ROOT)));
      assertSameAttributes(definition, spans.stream().map(SpanData::getAttributes).toList());
    }
    assertThat(BACKEND.spans().stream().filter(span -> span.getKind() == SpanKind.INTERNAL))
        .hasSize(24);
  }

  @Test
  void spansOfMessages_emitted_areTheRegistrys() {
    List<SpanDefinition> messages =
        registry.spans().stream().filter(span -> span.name().startsWith("mcp.")).toList();
    assertThat(messages).hasSize(2);
    for (SpanDefinition definition : messages) {
      List<Attributes> spans =
          BACKEND.spans().stream()
              .filter(
                  span -> span.getKind().name().equals(definition.kind().toUpperCase(Locale.ROOT)))
              .map(SpanData::getAttributes)
              .toList();
      assertThat(spans).hasSize(4);
      assertSameAttributes(definition, spans);
    }
  }

  @Test
  void metrics_emitted_areTheRegistrys() {
    Collection<MetricData> emitted = BACKEND.metrics();
    assertThat(names(emitted))
        .containsExactlyInAnyOrderElementsOf(ours().stream().map(MetricDefinition::name).toList());
    for (MetricDefinition metric : ours()) {
      MetricData data = BACKEND.metric(metric.name());
      assertThat(data.getUnit()).isEqualTo(metric.unit());
      assertThat(data.getDescription()).isEqualTo(metric.brief());
      assertThat(data.getType().name())
          .isEqualTo(
              switch (metric.instrument()) {
                case "histogram" -> "HISTOGRAM";
                case "gauge" -> "DOUBLE_GAUGE";
                default -> "LONG_SUM";
              });
      data.getHistogramData()
          .getPoints()
          .forEach(point -> assertThat(point.getBoundaries()).isEqualTo(metric.boundaries()));
      assertSameAttributes(
          metric, data.getData().getPoints().stream().map(PointData::getAttributes).toList());
    }
  }

  private static List<MetricDefinition> ours() {
    return registry.metrics().stream().filter(m -> !m.name().startsWith(DELIVERY)).toList();
  }

  @Test
  void events_emitted_areTheRegistrys() {
    assertThat(BACKEND.events().stream().map(LogRecordData::getEventName).distinct())
        .containsExactlyInAnyOrderElementsOf(
            registry.events().stream().map(EventDefinition::name).toList());
    for (EventDefinition definition : registry.events()) {
      List<LogRecordData> events =
          BACKEND.events().stream()
              .filter(event -> definition.name().equals(event.getEventName()))
              .toList();
      assertThat(events)
          .allMatch(event -> event.getSeverity().name().equals(definition.severity()));
      assertSameAttributes(definition, events.stream().map(LogRecordData::getAttributes).toList());
    }
  }

  @Test
  void closedSets_emitted_areTheRegistrys() {
    List<Attributes> all = new ArrayList<>();
    BACKEND
        .metrics()
        .forEach(m -> m.getData().getPoints().forEach(p -> all.add(p.getAttributes())));
    for (AttributeDefinition set : registry.attributes()) {
      if (!set.members().isEmpty() && !set.key().startsWith(DELIVERY)) {
        AttributeKey<String> key = AttributeKey.stringKey(set.key());
        Set<String> emitted = new HashSet<>();
        all.forEach(attributes -> addIfPresent(emitted, attributes, key));
        assertThat(emitted)
            .as(set.key())
            .isEqualTo(set.members().stream().map(Member::value).collect(Collectors.toSet()));
      }
    }
  }

  private static void addIfPresent(
      Set<String> values, Attributes attributes, AttributeKey<String> key) {
    String value = attributes.get(key);
    if (value != null) {
      values.add(value);
    }
  }

  /** Every attribute has the registry's name and type; the required ones are everywhere. */
  private static void assertSameAttributes(Signal signal, List<Attributes> emitted) {
    Set<String> expected = new TreeSet<>();
    for (AttributeReference reference : signal.attributes()) {
      expected.addAll(typed(reference));
      if (reference.level().equals("required")) {
        assertThat(emitted).allMatch(has(reference.key()), signal.name() + ": " + reference.key());
      }
    }
    Set<String> found = new TreeSet<>();
    emitted.forEach(attributes -> attributes.forEach((key, value) -> found.add(typed(key))));
    assertThat(found).as(signal.name()).isEqualTo(expected);
  }

  private static Predicate<Attributes> has(String name) {
    return attributes ->
        attributes.asMap().keySet().stream().anyMatch(key -> key.getKey().equals(name));
  }

  private static Set<String> typed(AttributeReference reference) {
    AttributeDefinition attribute = registry.attribute(reference.key()).orElse(null);
    if (attribute == null) {
      return Set.of(reference.key() + " " + reference.type());
    }
    if (attribute.isTemplate()) {
      return attribute.templateMembers().stream()
          .map(member -> attribute.key() + ".<id>." + member.suffix() + " " + member.type())
          .collect(Collectors.toSet());
    }
    String type = attribute.members().isEmpty() ? attribute.type() : "string";
    return Set.of(attribute.key() + " " + type);
  }

  private static String typed(AttributeKey<?> key) {
    String name =
        key.getKey()
            .replaceFirst(
                "^innerspan\\.feature\\.[a-z0-9_]+\\.[a-z0-9_]+\\.", "innerspan.feature.<id>.")
            .replaceFirst("^innerspan\\.(" + TEMPLATES + ")\\.[a-z0-9_]+\\.", "innerspan.$1.<id>.");
    AttributeType type = key.getType();
    return name
        + switch (type) {
          case STRING -> " string";
          case LONG -> " int";
          case DOUBLE -> " double";
          case BOOLEAN -> " boolean";
          case STRING_ARRAY -> " string[]";
          case LONG_ARRAY -> " int[]";
          case DOUBLE_ARRAY -> " double[]";
          default -> " " + type;
        };
  }

  private static List<String> names(Collection<MetricData> metrics) {
    return metrics.stream().map(MetricData::getName).toList();
  }
}
