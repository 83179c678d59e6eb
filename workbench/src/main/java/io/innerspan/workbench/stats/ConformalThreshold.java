package io.innerspan.workbench.stats;

import java.util.Arrays;

/**
 * A threshold by split conformal prediction: the ⌈(n + 1)(1 − rate)⌉-th smallest of n benign
 * scores. Over the draw of the n and of a next benign score that is like them, the next one lies
 * above it with a probability of at most {@code rate} (Vovk et al. 2005). This is what holds on
 * average; {@link CertifiedThreshold} is what holds with a confidence for the n that were drawn.
 *
 * @param edge the benign score itself; only what lies above it counts as positive
 * @param rate the false-positive rate that holds on average
 * @param units n
 * @param exceeding how many of the n lie above the edge
 * @param upperBound with {@link CertifiedThreshold#CONFIDENCE}, the rate of this very threshold is
 *     at most this (Clopper–Pearson)
 */
public record ConformalThreshold(
    double edge, double rate, int units, int exceeding, double upperBound) {
  /**
   * Takes the threshold from benign scores.
   *
   * @param benign one score or logit per independent benign unit, at least {@link #fewestUnits}
   */
  public static ConformalThreshold of(double[] benign, double rate) {
    int n = benign.length;
    int rank = rank(n, rate);
    if (rank > n) {
      throw new IllegalArgumentException(
          "expected at least " + fewestUnits(rate) + " benign scores, found " + n);
    }
    double[] ascending = benign.clone();
    Arrays.sort(ascending);
    int exceeding = n - rank;
    double bound = Binomial.upperBound(exceeding, n, CertifiedThreshold.CONFIDENCE);
    return new ConformalThreshold(ascending[rank - 1], rate, n, exceeding, bound);
  }

  /** The fewest units for a rate: 19 for 5 %, 99 for 1 %. */
  public static int fewestUnits(double rate) {
    int n = Math.max(1, (int) Math.floor(1 / rate) - 2);
    while (rank(n, rate) > n) {
      n++;
    }
    return n;
  }

  /** The rank of the edge; products such as 100 · 0.95 must not be rounded up. */
  private static int rank(int n, double rate) {
    return (int) Math.max(1, Math.ceil((n + 1) * (1 - rate) - 1e-9));
  }
}
