package io.innerspan.signals.saliency;

import java.util.Arrays;

/**
 * A rule for integrals from 0 to 1: the sum of the integrand at the nodes, times the weights.
 *
 * @param nodes ascending, between 0 and 1
 * @param weights of them, which sum up to 1
 */
@SuppressWarnings("ArrayRecordComponent")
record Quadrature(double[] nodes, double[] weights) {
  /** The middles of equal steps. */
  static Quadrature midpoint(int steps) {
    requireSome(steps);
    double[] nodes = new double[steps];
    double[] weights = new double[steps];
    Arrays.setAll(nodes, step -> (step + 0.5) / steps);
    Arrays.fill(weights, 1.0 / steps);
    return new Quadrature(nodes, weights);
  }

  /**
   * Gauss and Legendre's rule, which is exact for polynomials below degree {@code 2 × steps}. The
   * nodes are roots of the Legendre polynomial, found by Newton's method.
   */
  static Quadrature gaussLegendre(int steps) {
    requireSome(steps);
    double[] nodes = new double[steps];
    double[] weights = new double[steps];
    for (int i = 0; i < steps; i++) {
      double root = Math.cos(Math.PI * (i + 0.75) / (steps + 0.5));
      double slope = 1;
      for (int round = 0; round < 20; round++) {
        double[] value = legendre(steps, root);
        slope = steps * (root * value[0] - value[1]) / (root * root - 1);
        root -= value[0] / slope;
      }
      nodes[steps - 1 - i] = (1 + root) / 2;
      weights[steps - 1 - i] = 1 / ((1 - root * root) * slope * slope);
    }
    return new Quadrature(nodes, weights);
  }

  /** The Legendre polynomials of a degree and of the one before it. */
  private static double[] legendre(int degree, double x) {
    double before = 1;
    double value = x;
    for (int k = 2; k <= degree; k++) {
      double next = ((2 * k - 1) * x * value - (k - 1) * before) / k;
      before = value;
      value = next;
    }
    return new double[] {value, before};
  }

  private static void requireSome(int steps) {
    if (steps < 1) {
      throw new IllegalArgumentException("expected at least 1 step, found " + steps);
    }
  }
}
