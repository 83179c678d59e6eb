package io.innerspan.workbench.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class DiscriminantTest {
  @Test
  void fit_knownCovariance_isItsInverseTimesTheDifferenceOfMeans() {
    // Within each class (±2, 0) and (0, ±1): Σ = diag(16, 4) / 6; the means are (1, 1) and (-1,
    // -1).
    double[][] rows = {
      {3, 1}, {-1, 1}, {1, 2}, {1, 0}, {1, -1}, {-3, -1}, {-1, 0}, {-1, -2},
    };
    boolean[] positive = {true, true, true, true, false, false, false, false};

    LinearModel model = new Discriminant(rows, positive).fit(1e-12);

    assertThat(model.weight()[0]).isCloseTo(2 / (16.0 / 6), within(1e-9));
    assertThat(model.weight()[1]).isCloseTo(2 / (4.0 / 6), within(1e-9));
    assertThat(model.bias()).isCloseTo(0, within(1e-9));
  }

  @Test
  void fit_wholeShrinkage_isTheDirectionOfTheDifferenceOfMeans() {
    double[][] rows = {{5, 1}, {1, 3}, {0, 0}, {0, 4}};
    boolean[] positive = {true, true, false, false};

    LinearModel model = new Discriminant(rows, positive).fit(1);

    assertThat(model.weight()[1] / model.weight()[0]).isCloseTo(0, within(1e-9));
  }
}
