package io.innerspan.workbench.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.signals.Calibration;
import io.innerspan.signals.Calibration.Isotonic.Point;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IsotonicRegressionTest {
  @Test
  void fit_aViolator_isPooledWithItsNeighbour() {
    Calibration.Isotonic curve =
        fit(new double[] {1, 2, 3, 4, 5}, new boolean[] {false, true, false, true, true});

    assertThat(curve.points())
        .containsExactly(
            new Point(1, 0), new Point(2, .5), new Point(3, .5), new Point(4, 1), new Point(5, 1));
    assertThat(curve.score(1.5)).as("straight between blocks").isEqualTo(.25);
    assertThat(curve.score(-9)).isZero();
    assertThat(curve.score(9)).isEqualTo(1);
  }

  @Test
  void fit_rowsOfOneLogit_haveOneScoreInWhateverOrder() {
    Calibration.Isotonic one =
        fit(new double[] {2, 1, 2, 2}, new boolean[] {true, false, true, false});
    Calibration.Isotonic other =
        fit(new double[] {1, 2, 2, 2}, new boolean[] {false, false, true, true});

    assertThat(one).isEqualTo(other);
    assertThat(one.score(2)).isCloseTo(2.0 / 3, within(1e-12));
  }

  @Test
  void fit_weights_countAsRows() {
    Calibration.Isotonic curve =
        Objects.requireNonNull(
            IsotonicRegression.fit(
                new double[] {1, 2}, new boolean[] {true, false}, new double[] {3, 1}));

    assertThat(curve.points()).containsExactly(new Point(1, .75), new Point(2, .75));
  }

  @Test
  void fit_oneLogit_isNone() {
    assertThat(
            IsotonicRegression.fit(
                new double[] {1, 1}, new boolean[] {true, false}, new double[] {1, 1}))
        .isNull();
  }

  /** Of all never falling curves the nearest: no other step by block comes closer. */
  @Test
  void fit_random_neverFallsAndKeepsTheMean() {
    for (int seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      double[] logits = new double[60];
      boolean[] positive = new boolean[60];
      double share = 0;
      for (int i = 0; i < 60; i++) {
        logits[i] = Math.round(random.nextGaussian() * 10) / 5.0;
        positive[i] = random.nextDouble() < 1 / (1 + Math.exp(-logits[i]));
        share += positive[i] ? 1.0 / 60 : 0;
      }
      Calibration.Isotonic curve = fit(logits, positive);
      double[] sorted = Arrays.stream(logits).sorted().toArray();
      for (int i = 1; i < sorted.length; i++) {
        assertThat(curve.score(sorted[i])).isGreaterThanOrEqualTo(curve.score(sorted[i - 1]));
      }
      assertThat(Arrays.stream(logits).map(curve::score).average().orElseThrow())
          .isCloseTo(share, within(1e-9));
    }
  }

  private static Calibration.Isotonic fit(double[] logits, boolean[] positive) {
    double[] ones = new double[logits.length];
    Arrays.fill(ones, 1);
    return Objects.requireNonNull(IsotonicRegression.fit(logits, positive, ones));
  }
}
