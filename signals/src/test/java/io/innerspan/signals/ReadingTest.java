package io.innerspan.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReadingTest {
  private static final float NAN = Float.NaN;
  private static final float LN3 = (float) Math.log(3);

  private static final ReadingLayout LAYOUT =
      new ReadingLayout(
          List.of(
              probe("attack", new Calibration.None(), new Threshold(0.7, 0.01)),
              ActivationSummary.norm("norm", new HookPoint("h")),
              probe("topic", new Calibration.Temperature(2), null)));

  /** Rows: quiet, loudest, without tokens, attack missing, loud. */
  private static final Reading READING =
      new Reading(
          LAYOUT,
          new float[] {
            0,
            3,
            2,
            7, //
            9,
            1,
            -2,
            5, //
            99,
            99,
            99,
            0, //
            NAN,
            2,
            4,
            1, //
            LN3,
            Float.POSITIVE_INFINITY,
            0,
            6
          },
          5);

  @Test
  void maxValues_areTheMaxValueOfEachSignal() {
    float[] largest = new float[3];
    READING.maxValues(new int[] {2, 0, 1}, largest);
    assertThat(largest).containsExactly(4, 9, 3);

    new Reading(LAYOUT, new float[4], 1).maxValues(new int[] {2, 0, 1}, largest);
    assertThat(largest).containsOnly(NAN);
  }

  @Test
  void layout_columns_areTheSignalsAndTheTokens() {
    assertThat(LAYOUT.columns()).isEqualTo(4);
    assertThat(LAYOUT.tokensColumn()).isEqualTo(3);
    assertThat(LAYOUT.size()).isEqualTo(3);
    assertThat(LAYOUT.indexOf("topic")).isEqualTo(2);
    assertThat(LAYOUT.indexOf("none")).isEqualTo(-1);
    assertThat(LAYOUT.isProbe(0)).isTrue();
    assertThat(LAYOUT.isProbe(1)).isFalse();
    assertThat(LAYOUT.probe(2).id()).isEqualTo("topic");
    assertThat(LAYOUT.signal(1).id()).isEqualTo("norm");
    assertThatThrownBy(() -> LAYOUT.probe(1)).hasMessageContaining("signal 1: expected a probe");
  }

  @Test
  void layout_oneIdTwice_isRefused() {
    Signal norm = LAYOUT.signal(1);

    assertThatThrownBy(() -> new ReadingLayout(List.of(norm, norm)))
        .hasMessage("signals: expected ids that differ, found 'norm' twice");
  }

  @Test
  void row_withoutTokens_hasNoReading() {
    assertThat(READING.rows()).isEqualTo(5);
    assertThat(READING.tokens(1)).isEqualTo(5);
    assertThat(READING.hasReading(1)).isTrue();
    assertThat(READING.hasReading(2)).isFalse();
    assertThat(READING.isPresent(2, 0)).isFalse();
    assertThat(READING.score(2, 0)).isNaN();
    assertThat(READING.logit(2, 0)).isNaN();
    assertThat(READING.label(2, 0)).isNull();
    assertThat(READING.fires(2, 0)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, -1, 0})
  void row_unknownTokens_hasNoReading(float tokens) {
    Reading reading = new Reading(LAYOUT, new float[] {1, 1, 1, tokens}, 1);

    assertThat(reading.tokens(0)).isZero();
    assertThat(reading.hasReading(0)).isFalse();
    assertThat(reading.maxRow(0)).isEqualTo(-1);
    assertThat(reading.maxScore(0)).isNaN();
    assertThat(reading.maxValue(1)).isNaN();
    assertThat(reading.label(0)).isNull();
  }

  @Test
  void value_notFinite_isAbsentForThatSignalOnly() {
    assertThat(READING.isPresent(3, 0)).isFalse();
    assertThat(READING.isPresent(3, 2)).isTrue();
    assertThat(READING.label(3, 0)).isNull();
    assertThat(READING.isPresent(4, 1)).isFalse();
    assertThat(READING.value(4, 1)).isNaN();
  }

  @Test
  void score_present_isCalibrated() {
    assertThat(READING.logit(0, 2)).isEqualTo(2);
    assertThat(READING.score(0, 2)).isEqualTo(1 / (1 + Math.exp(-1)));
    assertThat(READING.score(0, 0)).isEqualTo(0.5);
    assertThat(READING.value(0, 1)).isEqualTo(3);
  }

  @Test
  void maximum_overRows_skipsWhatIsAbsent() {
    assertThat(READING.maxRow(0)).isEqualTo(1);
    assertThat(READING.maxScore(0)).isEqualTo(1 / (1 + Math.exp(-9)));
    assertThat(READING.maxRow(1)).isEqualTo(0);
    assertThat(READING.maxValue(1)).isEqualTo(3);
    assertThat(READING.maxRow(2)).isEqualTo(3);
  }

  @Test
  void maximum_equalRows_isTheFirst() {
    Reading reading = new Reading(LAYOUT, new float[] {1, 1, 1, 1, 1, 1, 1, 1}, 2);

    assertThat(reading.maxRow(0)).isZero();
  }

  @Test
  void firing_rows_areThoseAtOrAboveTheThreshold() {
    assertThat(READING.firingRows(0)).isEqualTo(2);
    assertThat(READING.nextFiringRow(0, 0)).isEqualTo(1);
    assertThat(READING.nextFiringRow(0, 2)).isEqualTo(4);
    assertThat(READING.nextFiringRow(0, 5)).isEqualTo(-1);
    assertThat(READING.firingRows(2)).isZero();
  }

  @Test
  void label_threshold_decides() {
    assertThat(READING.label(0)).isEqualTo("yes");
    assertThat(READING.label(0, 0)).isEqualTo("no");
    assertThat(READING.label(2)).isNull();
  }

  @Test
  void label_scoreOnTheThreshold_isPositive() {
    ReadingLayout layout =
        new ReadingLayout(List.of(probe("p", new Calibration.None(), new Threshold(0.5, 0.01))));

    assertThat(new Reading(layout, new float[] {0, 1}, 1).label(0)).isEqualTo("yes");
  }

  @Test
  void probeQuestions_ofANorm_areRefused() {
    assertThatThrownBy(() -> READING.score(0, 1)).isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> READING.logit(0, 1)).isInstanceOf(InvalidValueException.class);
    assertThatThrownBy(() -> READING.fires(0, 1)).isInstanceOf(InvalidValueException.class);
  }

  @Test
  void constructor_wrongLength_isRefused() {
    assertThatThrownBy(() -> new Reading(LAYOUT, new float[7], 2))
        .hasMessage("reading: expected 2 rows of 4 values, found 7 values");
    assertThatThrownBy(() -> new Reading(LAYOUT, new float[0], -1))
        .isInstanceOf(InvalidValueException.class);
    // 2^30 · 4 is 0 in 32 bits.
    assertThatThrownBy(() -> new Reading(LAYOUT, new float[0], 1 << 30))
        .isInstanceOf(InvalidValueException.class);
  }

  @Test
  void questions_asked_allocateNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    double sum = ask(20_000);
    long before = threads.getCurrentThreadAllocatedBytes();
    sum += ask(20_000);
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;

    assertThat(sum).isPositive();
    // Less than a byte per round: any object would take sixteen.
    assertThat(allocated).isLessThan(20_000);
  }

  private static double ask(int rounds) {
    double sum = 0;
    for (int i = 0; i < rounds; i++) {
      sum += READING.maxScore(0) + READING.maxValue(1) + READING.firingRows(0);
      sum += READING.label(0) == null ? 1 : 0;
      for (int row = 0; row < READING.rows(); row++) {
        sum += READING.isPresent(row, 0) ? READING.score(row, 0) + READING.logit(row, 2) : 0;
      }
    }
    return sum;
  }

  private static LinearProbe probe(
      String id, Calibration calibration, @Nullable Threshold threshold) {
    return new LinearProbe(
        id,
        new HookPoint("h"),
        Pooling.MEAN,
        new float[] {1},
        0,
        calibration,
        threshold,
        "yes",
        "no");
  }

  /** A lens of three layers that tell one answer: index, probability, entropy, KL, rank. */
  @ParameterizedTest(name = "ranks {0} {1} {2}: layer {3}")
  @CsvSource({
    "0, 0, 0, 0",
    "3, 0, 0, 1",
    "0, 2, 0, 2",
    "0, 0, 1, 3",
    "NaN, 2, 0, 2",
    "0, NaN, 0, -1"
  })
  void decisionLayer_ofRanks_isWhereTheAnswerStaysOnTop(
      float first, float second, float third, int layer) {
    HookPoint point = new HookPoint("h");
    LayerLens lens =
        new LayerLens("lens", List.of(point, point, point), point, Position.LAST, 1, List.of());
    float[] values = new float[lens.columnNames().size() + 1];
    values[lens.rank(0)] = first;
    values[lens.rank(1)] = second;
    values[lens.rank(2)] = third;
    values[values.length - 1] = 4;
    Reading reading = new Reading(new ReadingLayout(List.of(lens)), values, 1);

    assertThat(reading.decisionLayer(0, 0)).isEqualTo(layer);
  }

  @Test
  void decisionLayer_otherSignal_isRefused() {
    assertThatThrownBy(() -> READING.decisionLayer(0, 1))
        .hasMessageStartingWith("signal 1: expected a lens, found");
  }

  /** The probe says ¾, the model ¼ of it. */
  @Test
  void disagreement_ofScoreAndProbability_isTheirDistance() {
    Signal confidence =
        new OutputConfidence(
            "c",
            new HookPoint("logits"),
            Position.LAST,
            1,
            new OutputConfidence.Disagreement("attack", 1));
    Signal alone = new OutputConfidence("d", new HookPoint("logits"), Position.LAST, 1, null);
    ReadingLayout layout = new ReadingLayout(List.of(confidence, alone, LAYOUT.signal(0)));
    float[] values = {.75f, .5f, .5f, .25f, .75f, .5f, .5f, LN3, 3};
    Reading reading = new Reading(layout, values, 1);

    assertThat(reading.disagreement(0, 0)).isEqualTo(.5, within(1e-7));
    assertThat(reading.disagreement(0, 1)).isNaN();
    assertThat(
            new Reading(new ReadingLayout(List.of(confidence)), new float[5], 1).disagreement(0, 0))
        .isNaN();
  }

  /** Rows on a plateau share their score; the largest logit leads. */
  @Test
  void maxRow_isotonicPlateau_hasTheLargestScoreToo() {
    Calibration flat =
        new Calibration.Isotonic(
            List.of(new Calibration.Isotonic.Point(0, .8), new Calibration.Isotonic.Point(9, .8)));
    Reading reading =
        new Reading(
            new ReadingLayout(List.of(probe("p", flat, new Threshold(.8, .01)))),
            new float[] {1, 2, 5, 2, 3, 2},
            3);

    assertThat(reading.maxRow(0)).isEqualTo(1);
    assertThat(reading.maxScore(0)).isEqualTo(.8);
    assertThat(reading.firingRows(0)).isEqualTo(3);
  }
}
