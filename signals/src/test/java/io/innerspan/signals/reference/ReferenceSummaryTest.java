package io.innerspan.signals.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.ActivationSummary.Statistic;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.TokenSelection;
import java.util.Arrays;
import java.util.EnumSet;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class ReferenceSummaryTest {
  private static final HookPoint HERE = new HookPoint("h");
  private static final HookPoint BEFORE = new HookPoint("before");
  private static final float[][] X = {{3, 4}, {0, 0}, {5, 12}, {8, 15}};

  @Test
  void value_realTokens_isTheMeanOfTheirLengths() {
    assertThat(norm(X, new boolean[] {true, true, true, true})).isEqualTo(8.75);
    assertThat(norm(X, new boolean[] {true, false, true, false})).isEqualTo(9);
  }

  @Test
  void value_noRealToken_isNoReading() {
    assertThat(norm(X, new boolean[4])).isNaN();
  }

  @Test
  void value_squaresBeyondFloat_doNotOverflow() {
    assertThat(norm(new float[][] {{3e30f, 4e30f}}, new boolean[] {true}))
        .isCloseTo(5e30, Percentage.withPercentage(1e-4));
  }

  @Test
  void value_maskOfOtherLength_isRefused() {
    assertThatThrownBy(() -> norm(X, new boolean[3]))
        .hasMessage("mask: expected 4 tokens, found 3");
  }

  /** By hand: |x|₁/|x|₂ = 7/5; both deviations are ½; 16/25; (3·4 + 4·3)/25. */
  @Test
  void values_threeFour_areTheKnownAnswers() {
    double root = Math.sqrt(2);
    assertThat(values(new float[][] {{3, 4}}, new float[][] {{4, 3}}, TokenSelection.ALL))
        .containsExactly(
            new double[] {5, 3.5, (root - 1.4) / (root - 1), 1, 0.64, 0.96}, within(1e-12));
  }

  /** One dimension alone: Hoyer's 1; moments 3/16 and 21/256, so 7/3. */
  @Test
  void values_oneHot_isFullySparse() {
    assertThat(
            values(new float[][] {{0, -2, 0, 0}}, new float[][] {{0, 2, 0, 0}}, TokenSelection.ALL))
        .containsExactly(new double[] {2, -0.5, 1, 7 / 3.0, 1, -1}, within(1e-12));
  }

  @Test
  void values_allDimensionsEqual_areNotSparseAndHaveNoKurtosis() {
    double[] values =
        values(new float[][] {{2, 2, 2, 2}}, new float[][] {{1, 1, 1, 1}}, TokenSelection.ALL);
    assertThat(values[Statistic.SPARSITY.ordinal()]).isZero();
    assertThat(values[Statistic.KURTOSIS.ordinal()]).isNaN();
    assertThat(values[Statistic.LARGEST_SHARE.ordinal()]).isEqualTo(0.25);
  }

  @Test
  void values_tokenOfZeros_areAbsentWhereTheyDivideByIt() {
    double[] values =
        values(new float[][] {{3, 4}, {0, 0}}, new float[][] {{1, 0}, {1, 0}}, TokenSelection.ALL);
    assertThat(values[0]).isEqualTo(2.5);
    assertThat(values[1]).isEqualTo(1.75);
    for (int column = 2; column < values.length; column++) {
      assertThat(values[column]).isNaN();
    }
  }

  @Test
  void values_excludedIds_doNotTakePart() {
    float[][] x = {{9, 9}, {3, 4}, {5, 12}, {7, 7}};
    double[] values = values(x, x, TokenSelection.excluding(0, 7));
    assertThat(values[0]).isEqualTo(9);
    assertThat(values[5]).isCloseTo(1, within(1e-12));
    assertThat(values(x, x, TokenSelection.excluding(0, 1, 2, 7))).containsOnly(Double.NaN);
  }

  private static double norm(float[][] x, boolean[] real) {
    return ReferenceSignal.value(ActivationSummary.norm("n", HERE), x, real);
  }

  /** Ids: 0, 1, 2, 7. */
  private static double[] values(float[][] x, float[][] before, TokenSelection tokens) {
    ActivationSummary summary =
        new ActivationSummary("s", HERE, BEFORE, tokens, EnumSet.allOf(Statistic.class));
    long[] ids = Arrays.copyOf(new long[] {0, 1, 2, 7}, x.length);
    return ReferenceSignal.values(
        summary, RowInputs.of().ids(ids).activation(HERE, x).activation(BEFORE, before));
  }
}
