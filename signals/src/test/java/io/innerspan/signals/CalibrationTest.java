package io.innerspan.signals;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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

  /** From (0, 0.2) to (2, 0.6), flat to (3, 0.6), up to (4, 1). */
  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "-9, 0.2",
    "0, 0.2",
    "1, 0.4",
    "2, 0.6",
    "2.5, 0.6",
    "3, 0.6",
    "3.5, 0.8",
    "4, 1",
    "99, 1"
  })
  void score_isotonic_isInterpolatedAndClipped(double raw, double score) {
    assertThat(isotonic(0, .2, 2, .6, 3, .6, 4, 1).score(raw)).isCloseTo(score, within(1e-15));
  }

  @Test
  void score_isotonic_neverDescends() {
    Random random = new Random(3);
    for (int round = 0; round < 100; round++) {
      double[] scores = random.doubles(20).sorted().toArray();
      double[] points = new double[40];
      for (int i = 0; i < 20; i++) {
        points[2 * i] = i + random.nextDouble();
        points[2 * i + 1] = scores[i];
      }
      Calibration calibration = isotonic(points);
      double[] raws = random.doubles(500, -1, 22).sorted().toArray();
      for (int i = 1; i < raws.length; i++) {
        assertThat(calibration.score(raws[i]))
            .isGreaterThanOrEqualTo(calibration.score(raws[i - 1]));
      }
    }
  }

  @Test
  void logit_isotonic_isThatOfTheScore() {
    Calibration calibration = isotonic(0, 0, 1, .75, 2, 1);
    assertThat(calibration.logit(1)).isCloseTo(Math.log(3), within(1e-15));
    assertThat(calibration.logit(0)).isEqualTo(Double.NEGATIVE_INFINITY);
    assertThat(calibration.logit(2)).isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(calibration.score(Double.NaN)).isNaN();
  }

  @Test
  void constructor_isotonicThatDescends_isRefused() {
    assertThatThrownBy(() -> isotonic(0, .2))
        .hasMessage("points: expected from 2 to 4096, found 1");
    assertThatThrownBy(() -> isotonic(0, .2, 1, .1)).hasMessageStartingWith("points[1]: expected");
    assertThatThrownBy(() -> isotonic(0, .2, 0, .3)).hasMessageStartingWith("points[1]: expected");
    assertThatThrownBy(() -> isotonic(0, .2, 1, 1.1)).hasMessageStartingWith("score: expected");
  }

  private static Calibration isotonic(double... values) {
    List<Calibration.Isotonic.Point> points = new ArrayList<>();
    for (int i = 0; i < values.length; i += 2) {
      points.add(new Calibration.Isotonic.Point(values[i], values[i + 1]));
    }
    return new Calibration.Isotonic(points);
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
