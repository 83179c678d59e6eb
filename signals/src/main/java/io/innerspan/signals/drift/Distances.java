package io.innerspan.signals.drift;

/** Distances between distributions that are given as shares of the same bins. */
final class Distances {
  private static final double LEAST = 1e-9;

  /** The population stability index, Σ (p − q) ln (p / q). */
  static double psi(double[] p, double[] q) {
    double psi = 0;
    for (int b = 0; b < p.length; b++) {
      double here = Math.max(p[b], LEAST);
      double there = Math.max(q[b], LEAST);
      psi += (here - there) * Math.log(here / there);
    }
    return psi;
  }

  /**
   * Kolmogorov and Smirnov's: the largest distance of the distribution functions at the bins'
   * edges, above 0 where p is the larger one, so has the smaller values.
   */
  static double ks(double[] p, double[] q) {
    double here = 0;
    double there = 0;
    double largest = 0;
    for (int b = 0; b < p.length; b++) {
      here += p[b];
      there += q[b];
      if (Math.abs(here - there) > Math.abs(largest)) {
        largest = here - there;
      }
    }
    return largest;
  }

  /**
   * Kullback and Leibler's, Σ p ln (p / q). Twice as much per sample is distributed as chi-squared,
   * by Sanov's theorem in order of magnitude also where that is most improbable.
   */
  static double divergence(double[] p, double[] q) {
    double sum = 0;
    for (int b = 0; b < p.length; b++) {
      if (p[b] > 0) {
        sum += p[b] * Math.log(p[b] / Math.max(q[b], LEAST));
      }
    }
    return sum;
  }

  private Distances() {}
}
