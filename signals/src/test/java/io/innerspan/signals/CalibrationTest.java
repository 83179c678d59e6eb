package io.innerspan.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CalibrationTest {
  @Test
  void score_none_isTheLogisticFunction() {
    Calibration none = new Calibration.None();

    assertThat(none.score(0)).isEqualTo(0.5);
    assertThat(none.score(Math.log(3))).isCloseTo(0.75, within(1e-15));
    assertThat(none.score(1000)).isEqualTo(1);
    assertThat(none.score(-1000)).isEqualTo(0);
    assertThat(none.score(Double.NaN)).isNaN();
  }

  @Test
  void score_temperature_divides() {
    // SIGNALS: a logit of ln 9 that is right 75 % of the time needs T = 2.
    assertThat(new Calibration.Temperature(2).score(Math.log(9))).isCloseTo(0.75, within(1e-15));
  }

  @Test
  void score_platt_scalesAndShifts() {
    Calibration platt = new Calibration.Platt(2, -1);

    assertThat(platt.logit(3)).isEqualTo(5);
    assertThat(platt.score(0.5)).isEqualTo(0.5);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
  void constructor_notIncreasing_isRefused(double slope) {
    assertThatThrownBy(() -> new Calibration.Temperature(slope))
        .hasMessage("t: expected a finite number above 0, found " + slope);
    assertThatThrownBy(() -> new Calibration.Platt(slope, 0))
        .hasMessage("a: expected a finite number above 0, found " + slope);
  }

  @Test
  void constructor_offsetNotFinite_isRefused() {
    assertThatThrownBy(() -> new Calibration.Platt(1, Double.NaN))
        .hasMessage("b: expected a finite number, found NaN");
  }

  @Test
  void threshold_outOfRange_isRefused() {
    assertThatThrownBy(() -> new Threshold(1.1, 0.01)).hasMessageStartingWith("score: ");
    assertThatThrownBy(() -> new Threshold(Double.NaN, 0.01)).hasMessageStartingWith("score: ");
    assertThatThrownBy(() -> new Threshold(0.5, 0)).hasMessageStartingWith("target_fpr: ");
    assertThatThrownBy(() -> new Threshold(0.5, 1)).hasMessageStartingWith("target_fpr: ");
    assertThatThrownBy(() -> new Threshold.Certificate(0, 0.1, 0.95)).hasMessageStartingWith("n: ");
    assertThatThrownBy(() -> new Threshold.Certificate(1, 0, 0.95))
        .hasMessageStartingWith("fpr_upper_bound: ");
    assertThatThrownBy(() -> new Threshold.Certificate(1, 0.1, 1))
        .hasMessageStartingWith("confidence: ");
    assertThat(new Threshold(1, 0.01).certificate()).isNull();
  }
}
