package io.innerspan.workbench.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class TemperatureScalingTest {
  /** σ(ln 9 / 2) = σ(ln 3) = .75. */
  @Test
  void fit_logitOfNineToOneThatIsRightThreeTimesInFour_isTwo() {
    double[] logits = new double[100];
    boolean[] positive = new boolean[100];
    for (int i = 0; i < 100; i++) {
      logits[i] = Math.log(9);
      positive[i] = i < 75;
    }
    assertThat(TemperatureScaling.fit(logits, positive, ones(100))).isCloseTo(2, within(1e-9));
  }

  @Test
  void fit_bothSides_isTheSameAsForOne() {
    double[] logits = {2, 2, 2, 2, -2, -2, -2, -2};
    boolean[] positive = {true, true, true, false, false, false, false, true};
    // σ(2 / t) = .75.
    assertThat(TemperatureScaling.fit(logits, positive, ones(8)))
        .isCloseTo(2 / Math.log(3), within(1e-9));
  }

  @Test
  void fit_weights_countAsRows() {
    double[] logits = {1, 1};
    boolean[] positive = {true, false};
    assertThat(TemperatureScaling.fit(logits, positive, new double[] {3, 1}))
        .isCloseTo(1 / Math.log(3), within(1e-9));
  }

  @Test
  void fit_separableOrWrongWayRound_isNone() {
    double[] logits = {1, 2, -1, -2};
    assertThat(TemperatureScaling.fit(logits, new boolean[] {true, true, false, false}, ones(4)))
        .isNull();
    assertThat(TemperatureScaling.fit(logits, new boolean[] {false, false, true, true}, ones(4)))
        .isNull();
    assertThat(
            TemperatureScaling.fit(
                new double[4], new boolean[] {true, true, false, false}, ones(4)))
        .as("no logit but 0")
        .isNull();
  }

  private static double[] ones(int count) {
    double[] ones = new double[count];
    Arrays.fill(ones, 1);
    return ones;
  }
}
