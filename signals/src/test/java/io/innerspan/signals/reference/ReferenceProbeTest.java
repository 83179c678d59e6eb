package io.innerspan.signals.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.signals.Calibration;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Pooling;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ReferenceProbeTest {
  private static final float[] W = {1, -2};
  private static final float B = 0.5f;

  /** Logits by token with W and B: 1.5, −1.5, 3.5, 0.5; what padding holds must not matter. */
  private static final float[][] X = {{1, 0}, {0, 1}, {3, 0}, {2, 1}};

  @ParameterizedTest(name = "{0} of {1}: {2}")
  @CsvSource({
    "MEAN, 1111, 1.0",
    "MEAN, 1100, 0.0",
    "MEAN, 0011, 2.0",
    "LAST, 1111, 0.5",
    "LAST, 1110, 3.5",
    "LAST, 0111, 0.5",
    "LAST, 1000, 1.5",
    "CLS, 1111, 1.5",
    "CLS, 0111, -1.5",
    "CLS, 0001, 0.5",
    "MAX, 1111, 3.5",
    "MAX, 1100, 1.5",
    "MAX, 0100, -1.5",
    "MAX, 0101, 0.5"
  })
  void logit_paddingOnEitherSide_takesRealTokensOnly(
      Pooling.Kind pooling, String mask, double logit) {
    assertThat(ReferenceProbe.logit(probe(new Pooling(pooling, 0)), X, real(mask)))
        .isEqualTo(logit);
  }

  /** Known answers over tokens of width 1, so that a token's logit is its activation. */
  @ParameterizedTest(name = "{0} {1} of {2}, {3}: {4}")
  @CsvSource({
    "EMA, 0.5, '0 4 0', 111, 2",
    "EMA, 1, '3 -1 2', 111, 3",
    "EMA, 0.5, '-4 -8', 11, -2",
    "EMA, 0.5, '9 0 4 9 0', 01101, 2",
    "SOFTMAX, 1, '0 1.0986122886681098', 11, 0.8239592165010824",
    "SOFTMAX, 1, '7 0 1.0986122886681098 7', 0110, 0.8239592165010824",
    "SOFTMAX, 1000000, '1 3', 11, 2.000001",
    "ROLLING_MAX, 2, '1 5 3 0', 1111, 4",
    "ROLLING_MAX, 2, '9 1 5 9 3', 01101, 4",
    "ROLLING_MAX, 10, '1 5 3', 111, 3",
    "ROLLING_MAX, 2, '-3 -1 -2 0 0', 11100, -1.5",
    "TOP_K_MEAN, 2, '1 5 3 0', 1111, 4",
    "TOP_K_MEAN, 9, '1 5 3', 111, 3",
    "TOP_K_MEAN, 2, '-3 -1 -2 0 0', 11100, -1.5"
  })
  void logit_poolingOfLogits_isTheKnownAnswer(
      Pooling.Kind kind, double parameter, String logits, String mask, double expected) {
    String[] values = logits.split(" ", -1);
    float[][] x = new float[values.length][];
    for (int token = 0; token < x.length; token++) {
      x[token] = new float[] {Float.parseFloat(values[token])};
    }
    LinearProbe probe = probe(new Pooling(kind, parameter), new float[] {1}, 0);
    assertThat(ReferenceProbe.logit(probe, x, real(mask))).isCloseTo(expected, within(1e-7));
  }

  private static List<Pooling> poolings() {
    List<Pooling> poolings = new ArrayList<>(Pooling.PLAIN);
    poolings.add(Pooling.topKMean(2));
    poolings.add(Pooling.rollingMax(3));
    poolings.add(Pooling.softmax(0.7));
    poolings.add(Pooling.ema(0.5));
    return poolings;
  }

  @Test
  void logit_allNegativeWithRightPadding_isNotThePaddingsZero() {
    LinearProbe probe = probe(Pooling.MAX, new float[] {1}, 0);
    float[][] x = {{-3}, {-1}, {-2}, {0}, {0}};

    assertThat(ReferenceProbe.logit(probe, x, real("11100"))).isEqualTo(-1);
  }

  @ParameterizedTest
  @MethodSource("poolings")
  void logit_noRealToken_isNoReading(Pooling pooling) {
    assertThat(ReferenceProbe.logit(probe(pooling), X, real("0000"))).isNaN();
    assertThat(ReferenceProbe.logit(probe(pooling), new float[0][], new boolean[0])).isNaN();
  }

  @ParameterizedTest
  @MethodSource("poolings")
  void logit_paddingOfNaN_doesNotReachTheResult(Pooling pooling) {
    float[][] padded = {{Float.NaN, Float.NaN}, X[0], X[1], {Float.POSITIVE_INFINITY, 0}};
    float[][] bare = {X[0], X[1]};

    assertThat(ReferenceProbe.logit(probe(pooling), padded, real("0110")))
        .isEqualTo(ReferenceProbe.logit(probe(pooling), bare, real("11")));
  }

  @ParameterizedTest
  @MethodSource("poolings")
  void logit_oneToken_isTheTokensLogitButForEma(Pooling pooling) {
    Random random = new Random(5);
    for (int i = 0; i < 200; i++) {
      float[] weight = floats(random, 16);
      float[] x = floats(random, 16);
      LinearProbe probe = probe(pooling, weight, random.nextFloat());

      double share = pooling.kind() == Pooling.Kind.EMA ? pooling.parameter() : 1;
      assertThat(ReferenceProbe.logit(probe, new float[][] {x}, real("1")))
          .isEqualTo(share * ReferenceProbe.logit(probe, x));
    }
  }

  @Test
  void logit_mean_isTheMeanOfTheLogitsUpToRounding() {
    Random random = new Random(6);
    LinearProbe probe = probe(Pooling.MEAN, floats(random, 32), 0.25f);
    float[][] x = new float[20][];
    double sum = 0;
    for (int token = 0; token < x.length; token++) {
      x[token] = floats(random, 32);
      sum += ReferenceProbe.logit(probe, x[token]);
    }

    double logit = ReferenceProbe.logit(probe, x, real("1".repeat(20)));

    assertThat(Math.abs(logit - sum / 20)).isLessThan(1e-12);
  }

  @Test
  void logit_cancellation_isAddedInDoublePrecisionAndAscendingOrder() {
    LinearProbe probe = probe(Pooling.CLS, new float[] {1e8f, 1, -1e8f}, 0);

    assertThat(ReferenceProbe.logit(probe, new float[] {1, 1, 1})).isEqualTo(1);
  }

  @Test
  void logit_wrongSizes_areRefused() {
    LinearProbe probe = probe(Pooling.MEAN);

    assertThatThrownBy(() -> ReferenceProbe.logit(probe, new float[3]))
        .hasMessageContaining("expected the probe's width 2, found 3");
    assertThatThrownBy(() -> ReferenceProbe.logit(probe, new float[][] {{1}}, real("1")))
        .hasMessageContaining("expected the probe's width 2, found 1");
    assertThatThrownBy(() -> ReferenceProbe.logit(probe, X, real("111")))
        .hasMessage("mask: expected 4 tokens, found 3");
  }

  private static LinearProbe probe(Pooling pooling) {
    return probe(pooling, W, B);
  }

  private static LinearProbe probe(Pooling pooling, float[] weight, float bias) {
    return new LinearProbe(
        "p",
        new HookPoint("h"),
        pooling,
        weight,
        bias,
        new Calibration.None(),
        null,
        "positive",
        "negative");
  }

  private static boolean[] real(String mask) {
    return ReferenceSignal.real(mask.chars().mapToLong(c -> c - '0').toArray());
  }

  private static float[] floats(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
