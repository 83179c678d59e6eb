package io.innerspan.recorder;

import static io.innerspan.recorder.Packs.NINE_TENTHS;
import static io.innerspan.recorder.Packs.ONE_TENTH;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.signals.Calibration;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.ReadingLayout;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReadingTelemetryTest {
  private static final Offset<Double> CLOSE = within(1e-6);
  private static final float NAN = Float.NaN;
  private static final LinearProbe INJECTION = Packs.probe("injection", 0.8);
  private static final LinearProbe TOPIC = Packs.probe("topic", null);

  private final Backend backend = new Backend();
  private final ModelTelemetry model = backend.model();

  @AfterEach
  void close() {
    backend.close();
  }

  @Test
  void end_batch_putsMaximumOnSpanAndEveryRowInHistogram() {
    Packs.on(model, List.of(INJECTION, TOPIC));
    float[] reading = {ONE_TENTH, 0, 7, NINE_TENTHS, ONE_TENTH, 5, 0, ONE_TENTH, 3};
    model.start(3, -1).end(reading, 3, null);

    Attributes span = backend.onlySpan().getAttributes();
    assertThat(span.get(Keys.PACK)).containsExactly("guard@1.2.0");
    assertThat(span.get(Keys.PACK_HASHES)).containsExactly("sha256:" + Packs.DIGEST);
    assertThat(span.get(Keys.probeScore("injection"))).isCloseTo(0.9, CLOSE);
    assertThat(span.get(Keys.probeLabel("injection"))).isEqualTo("yes");
    assertThat(span.get(Keys.probeScore("topic"))).isCloseTo(0.5, CLOSE);
    assertThat(span.get(Keys.probeLabel("topic"))).isNull();
    assertThat(span.get(Keys.MISSING_ROWS)).isNull();
    assertThat(span.get(Keys.OMITTED_PROBES)).isNull();

    HistogramPointData scores = scores("injection");
    assertThat(scores.getCount()).isEqualTo(3);
    assertThat(scores.getSum()).isCloseTo(0.1 + 0.9 + 0.5, CLOSE);
    assertThat(scores.getMin()).isCloseTo(0.1, CLOSE);
    assertThat(scores.getMax()).isCloseTo(0.9, CLOSE);
    assertThat(scores("topic").getCount()).isEqualTo(3);
  }

  @Test
  void end_scoreBelowThreshold_hasNegativeLabel() {
    Packs.on(model, List.of(INJECTION));
    model.start(1, -1).end(new float[] {0, 4}, 1, null);

    assertThat(backend.onlySpan().getAttributes().get(Keys.probeLabel("injection")))
        .isEqualTo("no");
    assertThat(backend.events()).isEmpty();
  }

  @Test
  void end_calibratedProbe_recordsCalibratedScore() {
    Packs.on(model, List.of(Packs.probe("t", null, new Calibration.Temperature(2))));
    model.start(1, -1).end(new float[] {2 * NINE_TENTHS, 4}, 1, null);

    assertThat(backend.onlySpan().getAttributes().get(Keys.probeScore("t"))).isCloseTo(0.9, CLOSE);
  }

  @Test
  void end_rowOfPadding_givesNoReadingForThatRow() {
    Packs.on(model, List.of(INJECTION));
    model.start(2, -1).end(new float[] {NINE_TENTHS, 0, ONE_TENTH, 5}, 2, null);

    Attributes span = backend.onlySpan().getAttributes();
    assertThat(span.get(Keys.probeScore("injection"))).isCloseTo(0.1, CLOSE);
    assertThat(span.get(Keys.MISSING_ROWS)).isEqualTo(1);
    assertThat(scores("injection").getCount()).isEqualTo(1);
    assertThat(missing("no_token")).isEqualTo(1);
    assertThat(missing("not_finite")).isZero();
    assertThat(backend.events()).isEmpty();
  }

  @Test
  void end_rowNotFinite_givesNoReadingOfThatSignalAlone() {
    Packs.on(model, List.of(INJECTION, TOPIC));
    float inf = Float.POSITIVE_INFINITY;
    model.start(2, -1).end(new float[] {NAN, ONE_TENTH, 5, inf, NAN, 5}, 2, null);

    Attributes span = backend.onlySpan().getAttributes();
    assertThat(span.get(Keys.probeScore("injection"))).isNull();
    assertThat(span.get(Keys.probeLabel("injection"))).isNull();
    assertThat(span.get(Keys.probeScore("topic"))).isCloseTo(0.1, CLOSE);
    assertThat(span.get(Keys.MISSING_ROWS)).isEqualTo(1);
    assertThat(missing("not_finite")).isEqualTo(2);
    assertThat(missing("no_token")).isZero();
  }

  @Test
  void end_noRowWithReading_namesNoPack() {
    Packs.on(model, List.of(INJECTION));
    model.start(2, -1).end(new float[] {1, 0, 1, NAN}, 2, null);

    Attributes span = backend.onlySpan().getAttributes();
    assertThat(span.get(Keys.PACK)).isNull();
    assertThat(span.get(Keys.PACK_HASHES)).isNull();
    assertThat(span.get(Keys.probeScore("injection"))).isNull();
    assertThat(span.get(Keys.MISSING_ROWS)).isEqualTo(2);
    assertThat(missing("no_token")).isEqualTo(2);
  }

  @Test
  void end_emptyBatch_recordsTheInferenceOnly() {
    Packs.on(model, List.of(INJECTION));
    model.start(0, -1).end(new float[0], 0, null);

    assertThat(backend.onlySpan().getAttributes().get(Keys.BATCH_SIZE)).isZero();
    assertThat(backend.onlySpan().getAttributes().get(Keys.PACK)).isNull();
    assertThat(faults()).isZero();
  }

  @Test
  void end_norm_isMetricOnly() {
    Packs.on(model, List.of(Packs.norm("norm_4"), INJECTION));
    model.start(2, -1).end(new float[] {3, 0, 5, 4, 0, 5}, 2, null);

    HistogramPointData norms =
        backend.histogram(
            "innerspan.activation.norm",
            Attributes.builder()
                .put("innerspan.signal.id", "norm_4")
                .put("innerspan.model.name", "minilm")
                .build());
    assertThat(norms.getSum()).isEqualTo(7);
    assertThat(backend.onlySpan().getAttributes().asMap().keySet())
        .noneMatch(key -> key.getKey().contains("norm_4"));
  }

  @Test
  void end_twoPacks_namesBoth() {
    model.readings(
        new ReadingLayout(List.of(INJECTION, TOPIC)),
        List.of(
            Packs.pack("guard", "1.2.0", "f".repeat(64), List.of(INJECTION)),
            Packs.pack("topics", "0.3.1", "a".repeat(64), List.of(TOPIC))));
    model.start(1, -1).end(new float[] {0, 0, 1}, 1, null);

    Attributes span = backend.onlySpan().getAttributes();
    assertThat(span.get(Keys.PACK)).containsExactly("guard@1.2.0", "topics@0.3.1");
    assertThat(span.get(Keys.PACK_HASHES))
        .containsExactly("sha256:" + "f".repeat(64), "sha256:" + "a".repeat(64));
  }

  @Test
  void readings_signalOfNoPack_isRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> model.readings(new ReadingLayout(List.of(TOPIC)), List.of()))
        .withMessageContaining("topic");
  }

  @Test
  void end_readingsNotOnYet_ignoresThem() {
    model.start(1, -1).end(new float[] {NINE_TENTHS, 5}, 1, null);

    assertThat(backend.onlySpan().getAttributes().get(Keys.PACK)).isNull();
    assertThat(backend.metrics()).hasSize(1);
  }

  @Test
  void noReadings_whileUnderWay_dropsTheReading() {
    Packs.on(model, List.of(INJECTION));
    var underWay = model.start(1, -1);
    model.noReadings();
    underWay.end(new float[] {NINE_TENTHS, 5}, 1, null);

    assertThat(backend.onlySpan().getAttributes().get(Keys.probeScore("injection"))).isNull();
    assertThat(backend.events()).isEmpty();
  }

  @Test
  void end_readingOfAnotherLayout_isCountedAsFaultAndSpanStillEnds() {
    Packs.on(model, List.of(INJECTION));
    model.start(1, -1).end(new float[] {1, 2, 3}, 1, null);

    assertThat(backend.onlySpan().hasEnded()).isTrue();
    assertThat(faults()).isEqualTo(1);
  }

  @Test
  void end_notSampled_stillFillsMetricsAndEvents() {
    try (Backend unsampled = new Backend(RecorderSettings.all(), Sampler.alwaysOff())) {
      ModelTelemetry quiet = unsampled.model();
      Packs.on(quiet, List.of(INJECTION));
      quiet.start(1, -1).end(new float[] {NINE_TENTHS, 5}, 1, null);

      assertThat(unsampled.spans()).isEmpty();
      assertThat(unsampled.events()).hasSize(1);
      assertThat(unsampled.events().get(0).getSpanContext().isValid()).isTrue();
      assertThat(unsampled.metric("innerspan.probe.score")).isNotNull();
    }
  }

  @Test
  void score_nearOne_fallsIntoABucketOfItsOwn() {
    Packs.on(model, List.of(INJECTION));
    for (float logit : new float[] {3f, 5f, 6f, 8f}) {
      model.start(1, -1).end(new float[] {logit, 5}, 1, null);
    }

    // .9526, .9933, .9975, .9997 against the boundaries .95, .99, .995, .999.
    List<Long> counts = scores("injection").getCounts();
    assertThat(counts.subList(counts.size() - 4, counts.size())).containsExactly(1L, 1L, 1L, 1L);
  }

  @Test
  void score_overThreshold_leavesAnExemplarOfItsTrace() {
    Packs.on(model, List.of(INJECTION));
    model.start(1, -1).end(new float[] {0, 5}, 1, null);
    model.start(1, -1).end(new float[] {NINE_TENTHS, 5}, 1, null);

    assertThat(scores("injection").getExemplars())
        .extracting(exemplar -> exemplar.getSpanContext().getSpanId())
        .containsExactly(backend.spans().get(1).getSpanId());
  }

  @Test
  void score_ofProbeWithoutThreshold_leavesAnExemplar() {
    Packs.on(model, List.of(TOPIC));
    model.start(1, -1).end(new float[] {0, 5}, 1, null);

    assertThat(scores("topic").getExemplars()).hasSize(1);
  }

  private HistogramPointData scores(String probe) {
    return backend.histogram(
        "innerspan.probe.score",
        Attributes.builder()
            .put("innerspan.probe.id", probe)
            .put("innerspan.model.name", "minilm")
            .build());
  }

  private long missing(String reason) {
    return backend.counter(
        "innerspan.reading.missing",
        Attributes.builder()
            .put("innerspan.reading.missing_reason", reason)
            .put("innerspan.model.name", "minilm")
            .build());
  }

  private long faults() {
    return backend.counter(
        "innerspan.fault", Attributes.builder().put("innerspan.fault.place", "record").build());
  }
}
