package io.innerspan.recorder;

import static io.innerspan.recorder.Packs.NINE_TENTHS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.Signal;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SignalRecordingTest {
  private static final Offset<Double> CLOSE = within(1e-6);
  private static final float NAN = Float.NaN;

  private final Backend backend = new Backend();
  private final ModelTelemetry model = backend.model();

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void summary_everyStatistic_isAMetricOnly() {
    Packs.on(model, List.of(Kinds.summary("resid_4")));
    model.start(1, -1).end(new float[] {12, -0.5f, 0.25f, 4, 0.75f, 0.875f, 9}, 1, null);

    assertThat(backend.onlySpan().getAttributes().asMap().keySet())
        .noneMatch(key -> key.getKey().contains("resid_4"));
    assertThat(sum("innerspan.activation.norm", "resid_4")).isEqualTo(12);
    assertThat(sum("innerspan.activation.mean_magnitude", "resid_4")).isEqualTo(0.5);
    assertThat(sum("innerspan.activation.sparsity", "resid_4")).isEqualTo(0.25);
    assertThat(sum("innerspan.activation.kurtosis", "resid_4")).isEqualTo(4);
    assertThat(sum("innerspan.activation.largest_share", "resid_4")).isEqualTo(0.75);
    assertThat(sum("innerspan.activation.cosine_distance", "resid_4")).isEqualTo(0.125);
  }

  /** Such as of a detector's scores where it found nothing. */
  @Test
  void noRows_ofAnyKind_areNoReading_andNoFault() {
    Packs.on(
        model,
        List.of(
            Kinds.summary("resid_4"),
            Kinds.attention("attn_4", 2),
            Kinds.lens("lens", 3),
            Kinds.sae("sae", "watched"),
            Kinds.plainSae("plain"),
            Kinds.confidence("sure", null),
            Kinds.distance("far"),
            Packs.probe("probe", 0.5)));
    model.start(1, -1).end(new float[0], 0, null);

    assertThat(backend.onlySpan().getAttributes().asMap().keySet())
        .noneMatch(
            key -> key.getKey().matches(".*(resid_4|attn_4|lens|sae|plain|sure|far|probe).*"));
    assertThat(backend.metrics())
        .noneMatch(metric -> metric.getName().equals("innerspan.fault"))
        .noneMatch(metric -> metric.getName().equals("innerspan.probe.score"));
  }

  @Test
  void summary_absentStatistic_leavesOthers() {
    Packs.on(model, List.of(Kinds.summary("resid_4")));
    model.start(1, -1).end(new float[] {12, 0, NAN, 4, 1, 1, 9}, 1, null);

    assertThat(backend.metrics())
        .noneMatch(metric -> metric.getName().equals("innerspan.activation.sparsity"));
    assertThat(sum("innerspan.activation.kurtosis", "resid_4")).isEqualTo(4);
  }

  @Test
  void value_roundedBelowZero_isRecordedAsZero() {
    Packs.on(model, List.of(Kinds.confidence("sure", null)));
    model.start(1, -1).end(new float[] {1, 1, -1e-7f, 4}, 1, null);

    HistogramPointData entropy = of("innerspan.confidence.entropy", "sure");
    assertThat(entropy.getCount()).isEqualTo(1);
    assertThat(entropy.getMin()).isZero();
  }

  @Test
  void attention_heads_areOneSeriesAndTheirMeanOnTheSpan() {
    Packs.on(model, List.of(Kinds.attention("attn_4", 2)));
    // Entropies of both heads, shares, distances, tokens; two rows.
    float[] reading = {1, 2, 0.25f, 0.75f, 3, 5, 6, 2, 3, 0.5f, 0.5f, 4, 8, 6};
    model.start(2, -1).end(reading, 2, null);

    Attributes span = backend.onlySpan().getAttributes();
    assertThat(span.get(number("innerspan.attention.attn_4.entropy"))).isEqualTo(2);
    assertThat(span.get(number("innerspan.attention.attn_4.first_token_share"))).isEqualTo(0.5);
    assertThat(span.get(number("innerspan.attention.attn_4.mean_distance"))).isEqualTo(5);
    HistogramPointData entropies = of("innerspan.attention.entropy", "attn_4");
    assertThat(entropies.getCount()).isEqualTo(4);
    assertThat(entropies.getMin()).isEqualTo(1);
    assertThat(entropies.getMax()).isEqualTo(3);
  }

  @Test
  void attention_perHead_labelsEachHead() {
    try (Backend perHead =
        new Backend(new RecorderSettings(true, true, true, true), Sampler.alwaysOn())) {
      ModelTelemetry each = perHead.model();
      Packs.on(each, List.of(Kinds.attention("attn_4", 2)));
      each.start(1, -1).end(new float[] {1, 2, 0, 0, 0, 0, 6}, 1, null);

      Attributes second = labels("attn_4").toBuilder().put("innerspan.attention.head", "1").build();
      assertThat(perHead.histogram("innerspan.attention.entropy", second).getSum()).isEqualTo(2);
    }
  }

  @Test
  void lens_rows_tellOfTheOneDecidedLast() {
    Packs.on(model, List.of(Kinds.lens("lens", 3)));
    float[] early = lensRow(new float[] {0, 0, 0});
    float[] late = lensRow(new float[] {0, 4, 0});
    model.start(2, -1).end(rows(early, late), 2, null);

    Attributes span = backend.onlySpan().getAttributes();
    assertThat(span.get(AttributeKey.longKey("innerspan.lens.lens.decision_layer"))).isEqualTo(2);
    assertThat(span.get(AttributeKey.longKey("innerspan.lens.lens.row"))).isEqualTo(1);
    assertThat(span.get(numbers("innerspan.lens.lens.entropy"))).containsExactly(0.0, 1.0, 2.0);
    assertThat(span.get(numbers("innerspan.lens.lens.kl"))).containsExactly(2.0, 1.0, 0.0);
    assertThat(span.get(indices("innerspan.lens.lens.rank"))).containsExactly(0L, 4L, 0L);
    assertThat(span.get(indices("innerspan.lens.lens.answers"))).containsExactly(102L, 7L);
    assertThat(span.get(numbers("innerspan.lens.lens.probabilities"))).containsExactly(0.5, 0.25);
    HistogramPointData decisions = of("innerspan.lens.decision_layer", "lens");
    assertThat(decisions.getCount()).isEqualTo(2);
    assertThat(decisions.getSum()).isEqualTo(2);
    assertThat(decisions.getCounts()).startsWith(1L, 0L, 1L);
  }

  @Test
  void lens_undecidedRow_comesLastAndHasNoLayer() {
    Packs.on(model, List.of(Kinds.lens("lens", 3)));
    float[] undecided = lensRow(new float[] {0, 0, 1});
    float[] late = lensRow(new float[] {3, 4, 0});
    model.start(2, -1).end(rows(late, undecided), 2, null);

    Attributes span = backend.onlySpan().getAttributes();
    assertThat(span.get(AttributeKey.longKey("innerspan.lens.lens.decision_layer"))).isNull();
    assertThat(span.get(AttributeKey.longKey("innerspan.lens.lens.row"))).isEqualTo(1);
    assertThat(of("innerspan.lens.decision_layer", "lens").getCount()).isEqualTo(1);
  }

  @Test
  void lens_arrayWithAbsentValue_isLeftOut() {
    Packs.on(model, List.of(Kinds.lens("lens", 3)));
    float[] row = lensRow(new float[] {0, 0, 0});
    row[5] = NAN; // The first layer's divergence.
    model.start(1, -1).end(row, 1, null);

    Attributes span = backend.onlySpan().getAttributes();
    assertThat(span.get(numbers("innerspan.lens.lens.kl"))).isNull();
    assertThat(span.get(numbers("innerspan.lens.lens.entropy"))).hasSize(3);
    assertThat(span.get(AttributeKey.longKey("innerspan.lens.lens.row"))).isNull();
  }

  @Test
  void sae_rows_tellOfTheOneWithTheStrongestFeature() {
    Packs.on(model, List.of(Kinds.sae("sae_8", "refusal")));
    // Features, activations, tokens, active, error, watched, tokens of the row.
    float[] weak = {3, 9, 1, 0.5f, 0, 1, 11, 0.5f, 2, 6};
    float[] strong = {7, 12, 4, 0, 5, 0, 1, 0.25f, 0, 6};
    model.start(2, -1).end(rows(weak, strong), 2, null);

    Attributes span = backend.onlySpan().getAttributes();
    assertThat(span.get(indices("innerspan.sae.sae_8.features"))).containsExactly(7L);
    assertThat(span.get(numbers("innerspan.sae.sae_8.activations"))).containsExactly(4.0);
    assertThat(span.get(indices("innerspan.sae.sae_8.tokens"))).containsExactly(5L);
    assertThat(span.get(AttributeKey.stringArrayKey("innerspan.sae.sae_8.labels")))
        .containsExactly("greeting");
    assertThat(span.get(AttributeKey.stringKey("innerspan.sae.sae_8.neuronpedia")))
        .isEqualTo("gpt2/4-res");
    assertThat(span.get(number("innerspan.sae.sae_8.active_features"))).isEqualTo(1);
    assertThat(span.get(number("innerspan.sae.sae_8.reconstruction_error"))).isEqualTo(0.25);
    assertThat(span.get(AttributeKey.longKey("innerspan.sae.sae_8.row"))).isEqualTo(1);
    assertThat(span.get(number("innerspan.feature.sae_8.refusal.activation"))).isEqualTo(2);
    assertThat(sum("innerspan.sae.active_features", "sae_8")).isEqualTo(12);
    assertThat(sum("innerspan.sae.reconstruction_error", "sae_8")).isEqualTo(0.75);
    HistogramPointData watched =
        backend.histogram(
            "innerspan.feature.activation",
            labels("sae_8").toBuilder().put("innerspan.feature.name", "refusal").build());
    assertThat(watched.getCount()).isEqualTo(2);
    assertThat(watched.getCounts()).startsWith(1L);
  }

  @Test
  void sae_pooledWithoutDictionary_namesNeitherTokensNorLabels() {
    Packs.on(model, List.of(Kinds.plainSae("sae_8")));
    model.start(1, -1).end(new float[] {7, 12, 4, 3, 20, 0.25f, 6}, 1, null);

    Attributes span = backend.onlySpan().getAttributes();
    assertThat(names(span, "innerspan.sae."))
        .containsExactlyInAnyOrder(
            "innerspan.sae.sae_8.features",
            "innerspan.sae.sae_8.activations",
            "innerspan.sae.sae_8.active_features",
            "innerspan.sae.sae_8.reconstruction_error");
  }

  @Test
  void watchList_longerThanTheRoom_putsActiveFeaturesFirst() {
    String[] watched = IntStream.range(0, 100).mapToObj(i -> "f" + i).toArray(String[]::new);
    Packs.on(model, List.of(Kinds.sae("sae_8", watched)));
    float[] reading = new float[9 + 100];
    reading[2] = 1;
    reading[8 + 98] = 5;
    reading[8 + 3] = 2;
    reading[108] = 6;
    model.start(1, -1).end(reading, 1, null);

    Attributes span = backend.onlySpan().getAttributes();
    assertThat(names(span, "innerspan.feature."))
        .containsExactlyInAnyOrder(
            "innerspan.feature.sae_8.f3.activation", "innerspan.feature.sae_8.f98.activation");
    assertThat(span.get(Keys.OMITTED_SIGNALS)).isEqualTo(1);
    assertThat(backend.metric("innerspan.feature.activation").getHistogramData().getPoints())
        .hasSize(100);
  }

  @Test
  void confidence_rows_tellOfTheLeastSureOne() {
    Packs.on(model, List.of(Kinds.confidence("sure", "injection"), Packs.probe("injection", null)));
    // Largest probability, margin, entropy, answer 1's probability; logit; tokens.
    float[] sure = {0.75f, 0.5f, 0.5f, 0.25f, NINE_TENTHS, 5};
    float[] unsure = {0.5f, 0.125f, 1.25f, 0.75f, NINE_TENTHS, 5};
    model.start(2, -1).end(rows(sure, unsure), 2, null);

    Attributes span = backend.onlySpan().getAttributes();
    assertThat(span.get(number("innerspan.confidence.sure.max_probability"))).isEqualTo(0.5);
    assertThat(span.get(number("innerspan.confidence.sure.margin"))).isEqualTo(0.125);
    assertThat(span.get(number("innerspan.confidence.sure.entropy"))).isEqualTo(1.25);
    assertThat(span.get(AttributeKey.longKey("innerspan.confidence.sure.row"))).isEqualTo(1);
    assertThat(span.get(number("innerspan.confidence.sure.disagreement"))).isCloseTo(0.65, CLOSE);
    assertThat(of("innerspan.confidence.disagreement", "sure").getSum()).isCloseTo(0.8, CLOSE);
    assertThat(sum("innerspan.confidence.max_probability", "sure")).isEqualTo(1.25);
    assertThat(sum("innerspan.confidence.margin", "sure")).isEqualTo(0.625);
    assertThat(sum("innerspan.confidence.entropy", "sure")).isEqualTo(1.75);
  }

  @Test
  void confidence_probeThatIsNotRead_leavesDisagreementOut() {
    Signal confidence = Kinds.confidence("sure", "injection");
    List<Signal> ofPack = List.of(confidence, Packs.probe("injection", null));
    model.readings(
        new ReadingLayout(List.of(confidence)), List.of(Packs.pack("guard", "1.2.0", ofPack)));
    model.start(1, -1).end(new float[] {0.75f, 0.5f, 0.5f, 0.25f, 5}, 1, null);

    Attributes span = backend.onlySpan().getAttributes();
    assertThat(span.get(number("innerspan.confidence.sure.disagreement"))).isNull();
    assertThat(span.get(number("innerspan.confidence.sure.margin"))).isEqualTo(0.5);
  }

  @Test
  void distance_rows_tellTheLargestRoot() {
    Packs.on(model, List.of(Kinds.distance("ordinary")));
    model.start(3, -1).end(new float[] {9, 4, 16, 4, -1e-6f, 4}, 3, null);

    Attributes span = backend.onlySpan().getAttributes();
    assertThat(span.get(number("innerspan.population.ordinary.distance"))).isEqualTo(4);
    assertThat(of("innerspan.population.distance", "ordinary").getCount()).isEqualTo(3);
    assertThat(sum("innerspan.population.distance", "ordinary")).isEqualTo(7);
  }

  @Test
  void gate_closed_isNeitherRecordedNorMissing() {
    gated();
    model.start(1, 0).end(new float[] {0, 0, 5}, 1, null);

    Attributes span = backend.onlySpan().getAttributes();
    assertThat(names(span, "innerspan.population.")).isEmpty();
    assertThat(span.get(Keys.SAMPLED_SIGNALS)).isNull();
    assertThat(span.get(Keys.MISSING_ROWS)).isNull();
    assertThat(span.get(Keys.PACK)).containsExactly("guard@1.2.0");
    assertThat(backend.metrics())
        .noneMatch(metric -> metric.getName().equals("innerspan.population.distance"))
        .noneMatch(metric -> metric.getName().equals("innerspan.reading.missing"));
  }

  @Test
  void gate_open_namesTheSampledSignal() {
    gated();
    model.start(1, 1L << 3).end(new float[] {4, 0, 5}, 1, null);

    Attributes span = backend.onlySpan().getAttributes();
    assertThat(span.get(number("innerspan.population.dear.distance"))).isEqualTo(2);
    assertThat(span.get(Keys.SAMPLED_SIGNALS)).containsExactly("dear");
  }

  @Test
  void gate_closedForEverySignal_namesNoPack() {
    List<Signal> signals = List.of(Kinds.distance("dear"));
    model.readings(
        new ReadingLayout(signals, List.of(0), 0), List.of(Packs.pack("guard", "1.2.0", signals)));
    model.start(1, 0).end(new float[] {0, 5}, 1, null);

    assertThat(backend.onlySpan().getAttributes().get(Keys.PACK)).isNull();
    assertThat(backend.onlySpan().getAttributes().get(Keys.MISSING_ROWS)).isNull();
  }

  @Test
  void span_moreSignalsThanRoom_keepsTheFirstAndLeavesProbesTheirs() {
    List<Signal> signals = new ArrayList<>(Packs.probes(200, 0.5));
    for (int i = 0; i < 20; i++) {
      signals.add(Kinds.attention("attn_" + i, 1));
    }
    Packs.on(model, signals);
    float[] reading = new float[200 + 20 * 3 + 1];
    Arrays.fill(reading, 1);
    model.digest("ab12");
    model.start(1, -1).end(reading, 1, new IllegalStateException());

    SpanData span = backend.onlySpan();
    assertThat(names(span.getAttributes(), "innerspan.attention.")).hasSize(48);
    assertThat(names(span.getAttributes(), "innerspan.probe.")).hasSize(48);
    assertThat(span.getAttributes().get(Keys.OMITTED_SIGNALS)).isEqualTo(4);
    assertThat(span.getTotalAttributeCount()).isEqualTo(span.getAttributes().size());
  }

  @Test
  void span_notSampled_stillFillsHistograms() {
    try (Backend unsampled = new Backend(RecorderSettings.all(), Sampler.alwaysOff())) {
      ModelTelemetry quiet = unsampled.model();
      Packs.on(quiet, List.of(Kinds.distance("ordinary")));
      quiet.start(1, -1).end(new float[] {9, 4}, 1, null);

      assertThat(unsampled.histogram("innerspan.population.distance", labels("ordinary")).getSum())
          .isEqualTo(3);
    }
  }

  private void gated() {
    List<Signal> signals = List.of(Kinds.distance("dear"), Packs.probe("cheap", null));
    model.readings(
        new ReadingLayout(signals, List.of(3, ReadingLayout.ALWAYS_OPEN), 0),
        List.of(Packs.pack("guard", "1.2.0", signals)));
  }

  /** A row of three layers, with two answers each and these ranks. */
  private static float[] lensRow(float[] ranks) {
    float[] row = new float[22];
    for (int layer = 0; layer < 3; layer++) {
      float[] values = {100 + layer, 7, 0.5f, 0.25f, layer, 2 - layer, ranks[layer]};
      System.arraycopy(values, 0, row, 7 * layer, 7);
    }
    row[21] = 5;
    return row;
  }

  private static float[] rows(float[] first, float[] second) {
    float[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private HistogramPointData of(String metric, String signal) {
    return backend.histogram(metric, labels(signal));
  }

  private double sum(String metric, String signal) {
    return of(metric, signal).getSum();
  }

  private static Attributes labels(String signal) {
    return Attributes.builder()
        .put("innerspan.signal.id", signal)
        .put("innerspan.model.name", "minilm")
        .build();
  }

  private static List<String> names(Attributes attributes, String prefix) {
    return attributes.asMap().entrySet().stream()
        .map(Map.Entry::getKey)
        .map(AttributeKey::getKey)
        .filter(name -> name.startsWith(prefix))
        .collect(Collectors.toList());
  }

  private static AttributeKey<Double> number(String name) {
    return AttributeKey.doubleKey(name);
  }

  private static AttributeKey<List<Double>> numbers(String name) {
    return AttributeKey.doubleArrayKey(name);
  }

  private static AttributeKey<List<Long>> indices(String name) {
    return AttributeKey.longArrayKey(name);
  }
}
