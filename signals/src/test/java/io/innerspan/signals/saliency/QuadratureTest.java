package io.innerspan.signals.saliency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.offset;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuadratureTest {
  private static final double EXACT = 1e-13;

  @Test
  void gaussLegendre_ofThreeSteps_isTheTextbooks() {
    Quadrature three = Quadrature.gaussLegendre(3);
    double outer = Math.sqrt(0.6);

    assertThat(three.nodes())
        .containsExactly(new double[] {(1 - outer) / 2, 0.5, (1 + outer) / 2}, offset(EXACT));
    assertThat(three.weights())
        .containsExactly(new double[] {5.0 / 18, 8.0 / 18, 5.0 / 18}, offset(EXACT));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8, 64, 301})
  void gaussLegendre_isExactForPolynomialsBelowTwiceItsSteps(int steps) {
    Quadrature quadrature = Quadrature.gaussLegendre(steps);
    for (int degree = 0; degree < 2 * steps; degree++) {
      double sum = 0;
      for (int i = 0; i < steps; i++) {
        sum += quadrature.weights()[i] * Math.pow(quadrature.nodes()[i], degree);
      }
      assertThat(sum).as("degree %s", degree).isCloseTo(1.0 / (degree + 1), offset(EXACT));
    }
  }

  @Test
  void midpoint_ofFourSteps_isTheirMiddles() {
    Quadrature four = Quadrature.midpoint(4);

    assertThat(four.nodes()).containsExactly(0.125, 0.375, 0.625, 0.875);
    assertThat(four.weights()).containsOnly(0.25);
  }

  @Test
  void noSteps_areRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Quadrature.gaussLegendre(0))
        .withMessage("expected at least 1 step, found 0");
  }
}
