package io.innerspan.workbench.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class AveragePrecisionTest {
  /** The example of scikit-learn's documentation. */
  @Test
  void weighted_rowsOnce_isScikitLearnsAveragePrecision() {
    AveragePrecision area =
        new AveragePrecision(
            new double[] {0.1, 0.4, 0.35, 0.8}, new boolean[] {false, false, true, true});

    assertThat(area.weighted(new int[] {1, 1, 1, 1})).isCloseTo(5.0 / 6, within(1e-12));
  }

  @Test
  void weighted_ties_countTogether() {
    AveragePrecision area =
        new AveragePrecision(new double[] {1, 1, 0}, new boolean[] {true, false, true});

    assertThat(area.weighted(new int[] {1, 1, 1})).isCloseTo(.5 * .5 + .5 * 2 / 3, within(1e-12));
  }

  @Test
  void weighted_rowThrice_countsThrice() {
    AveragePrecision area =
        new AveragePrecision(new double[] {3, 2, 1}, new boolean[] {false, true, false});

    assertThat(area.weighted(new int[] {1, 3, 1})).isCloseTo(.75, within(1e-12));
    assertThat(area.weighted(new int[] {1, 0, 1})).isNaN();
  }
}
