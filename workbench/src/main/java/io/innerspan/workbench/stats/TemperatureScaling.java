package io.innerspan.workbench.stats;

import org.jspecify.annotations.Nullable;

/**
 * Fits {@code probability = σ(logit / t)} by maximum likelihood (Guo et al. 2017, arXiv
 * 1706.04599). In 1/t the loss is convex, so the root of its slope is the only one.
 */
public final class TemperatureScaling {
  private static final double LEAST = 1e-6;
  private static final double MOST = 1e6;

  // As many halvings reach the last bit of a double.
  private static final int HALVINGS = 100;

  /**
   * The temperature, or null when there is none: the loss falls for ever, because the labels are
   * told apart by the sign of the logit, or rises from the start, because it speaks for the wrong
   * one.
   *
   * @param weight how much each row counts
   */
  public static @Nullable Double fit(double[] logits, boolean[] positive, double[] weight) {
    if (slope(logits, positive, weight, LEAST) >= 0 || slope(logits, positive, weight, MOST) <= 0) {
      return null;
    }
    double low = LEAST;
    double high = MOST;
    for (int i = 0; i < HALVINGS; i++) {
      // Both ends lie many orders of magnitude apart.
      double middle = Math.sqrt(low * high);
      if (slope(logits, positive, weight, middle) < 0) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return 1 / Math.sqrt(low * high);
  }

  /** Of the loss, by 1/t. */
  private static double slope(double[] logits, boolean[] positive, double[] weight, double beta) {
    double sum = 0;
    for (int i = 0; i < logits.length; i++) {
      double probability = 1 / (1 + Math.exp(-beta * logits[i]));
      sum += weight[i] * logits[i] * (probability - (positive[i] ? 1 : 0));
    }
    return sum;
  }

  private TemperatureScaling() {}
}
