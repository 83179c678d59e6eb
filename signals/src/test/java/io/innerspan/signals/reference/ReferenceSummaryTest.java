package io.innerspan.signals.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.HookPoint;
import org.junit.jupiter.api.Test;

class ReferenceSummaryTest {
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
        .isCloseTo(5e30, org.assertj.core.data.Percentage.withPercentage(1e-4));
  }

  @Test
  void value_maskOfOtherLength_isRefused() {
    assertThatThrownBy(() -> norm(X, new boolean[3]))
        .hasMessage("mask: expected 4 tokens, found 3");
  }

  @Test
  void signalValue_norm_isTheNormByTheAttentionMask() {
    ActivationSummary norm = ActivationSummary.norm("n", new HookPoint("h"));

    assertThat(ReferenceSignal.value(norm, X, new long[] {0, 0, 1, 0})).isEqualTo(13);
  }

  private static double norm(float[][] x, boolean[] real) {
    return ReferenceSignal.value(ActivationSummary.norm("n", new HookPoint("h")), x, real);
  }
}
