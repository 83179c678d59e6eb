package io.innerspan.workbench.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class CalibrationErrorTest {
  private static final double[] EIGHTY = {.8, .8, .8, .8, .8};
  private static final boolean[] SIXTY = {true, true, true, false, false};
  private static final int[] ONCE = {1, 1, 1, 1, 1};

  @Test
  void expected_eightyPercentSaidAndSixtyRight_isTwoTenths() {
    assertThat(CalibrationError.expected(EIGHTY, SIXTY, ONCE)).isEqualTo(.2, within(1e-12));
  }

  @Test
  void brier_eightyPercentSaidAndSixtyRight_isTwentyEightHundredths() {
    assertThat(CalibrationError.brier(EIGHTY, SIXTY, ONCE)).isEqualTo(.28, within(1e-12));
  }

  @Test
  void expected_certainAndRight_isZero() {
    double[] certain = {0, 1};
    boolean[] right = {false, true};
    assertThat(CalibrationError.expected(certain, right, new int[] {3, 1})).isZero();
    assertThat(CalibrationError.brier(certain, right, new int[] {3, 1})).isZero();
  }

  @Test
  void brier_repeatedRow_countsAsOften() {
    double[] probability = {0, .5};
    boolean[] positive = {false, true};
    assertThat(CalibrationError.brier(probability, positive, new int[] {1, 3}))
        .isEqualTo(.1875, within(1e-12));
  }
}
