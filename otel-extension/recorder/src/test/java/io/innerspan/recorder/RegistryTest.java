package io.innerspan.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.semconv.FaultPlace;
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
import io.innerspan.signals.pack.ProbePack;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.AttributeType;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.context.Context;
import io.opentelemetry.javaagent.innerspan.bridge.Prediction;
import io.opentelemetry.javaagent.innerspan.bridge.Prediction.Phase;
import io.opentelemetry.javaagent.innerspan.bridge.Saliency;
import io.opentelemetry.sdk.logs.data.LogRecordData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.PointData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
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
      new Backend(new RecorderSettings(true, true, true, false, true), Sampler.alwaysOn());
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
    emitPredictions(model);
    emitFindings(model);
    model.explained(
        Context.root(), new Saliency("occlusion", 0, 1, "zero", true, new double[2], 1, 0, 0.5));
    for (SaliencyMissingReason reason : SaliencyMissingReason.values()) {
      model.notExplained(reason);
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
    Findings.watch(watched, 3600);
    for (float norm : new float[] {9, 1, 9}) {
      watched.start(1, -1).end(new float[] {norm, 3}, 1, null);
    }
    BACKEND.recorder.batches().drain();
    watched.missed();
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
    assertThat(registry.spans()).hasSize(5);
    for (SpanDefinition definition : registry.spans()) {
      String name = definition.nameRule().replace("{innerspan.model.name}", "minilm");
      assertThat(name).startsWith(definition.operation());
      List<SpanData> spans =
          BACKEND.spans().stream().filter(span -> span.getName().equals(name)).toList();
      assertThat(spans).hasSize(definition.operation().equals("inference") ? 11 : 2);
      assertThat(spans)
          .allMatch(
              span -> span.getKind().name().equals(definition.kind().toUpperCase(Locale.ROOT)));
      assertSameAttributes(definition, spans.stream().map(SpanData::getAttributes).toList());
    }
    assertThat(BACKEND.spans()).hasSize(19);
  }

  @Test
  void metrics_emitted_areTheRegistrys() {
    Collection<MetricData> emitted = BACKEND.metrics();
    assertThat(names(emitted))
        .containsExactlyInAnyOrderElementsOf(
            registry.metrics().stream().map(MetricDefinition::name).toList());
    for (MetricDefinition metric : registry.metrics()) {
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
      if (!set.members().isEmpty()) {
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
      return Set.of(reference.key() + " string");
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
