package io.innerspan.workbench.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class BinomialTest {
  @Test
  void cumulative_smallCases_areTheSumsByHand() {
    assertThat(Binomial.cumulative(0, 3, .5)).isEqualTo(.125, within(1e-15));
    assertThat(Binomial.cumulative(1, 3, .5)).isEqualTo(.5, within(1e-15));
    assertThat(Binomial.cumulative(2, 4, .1)).isEqualTo(.9963, within(1e-12));
    assertThat(Binomial.cumulative(3, 3, .9)).isEqualTo(1);
    assertThat(Binomial.cumulative(0, 3, 0)).isEqualTo(1);
    assertThat(Binomial.cumulative(2, 3, 1)).isZero();
  }

  @Test
  void upperBound_noneOfN_isTheClosedForm() {
    // (1 − p)^n = .05.
    assertThat(Binomial.upperBound(0, 299, .95))
        .isEqualTo(1 - Math.pow(.05, 1.0 / 299), within(1e-12));
    assertThat(Binomial.upperBound(0, 299, .95)).isLessThanOrEqualTo(.01);
    assertThat(Binomial.upperBound(0, 298, .95)).isGreaterThan(.01);
  }

  @Test
  void upperBound_tableValues_agree() {
    // One-sided 95 % Clopper–Pearson: 1 of 10 and 5 of 10.
    assertThat(Binomial.upperBound(1, 10, .95)).isEqualTo(.3942, within(5e-5));
    assertThat(Binomial.upperBound(5, 10, .95)).isEqualTo(.7776, within(5e-5));
    assertThat(Binomial.upperBound(10, 10, .95)).isEqualTo(1);
  }

  @Test
  void allowance_onePercent_growsAtTheKnownSizes() {
    assertThat(Binomial.allowance(298, .01, .95)).isEqualTo(-1);
    assertThat(Binomial.allowance(299, .01, .95)).isZero();
    assertThat(Binomial.allowance(472, .01, .95)).isZero();
    assertThat(Binomial.allowance(473, .01, .95)).isEqualTo(1);
    assertThat(Binomial.allowance(2995, .001, .95)).isZero();
    assertThat(Binomial.allowance(2994, .001, .95)).isEqualTo(-1);
  }

  @Test
  void upperBound_impossibleCounts_refused() {
    assertThatThrownBy(() -> Binomial.upperBound(3, 2, .95)).hasMessageContaining("k=3 n=2");
    assertThatThrownBy(() -> Binomial.upperBound(0, 0, .95)).hasMessageContaining("n=0");
  }
}
