package io.innerspan.workbench.stats;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A threshold on raw logits with a one-sided tolerance bound on its false-positive rate.
 *
 * <p>Of n independent benign units the k largest may lie above the threshold, where k depends on n
 * alone: the largest with P(Binomial(n, rate) ≤ k) ≤ 1 − confidence. Then the rate of new units
 * above the (k+1)-th largest is at most {@code rate} with that confidence, whatever the scores'
 * distribution (Wilks, 1941), which is the Clopper–Pearson bound of k out of n. The raw percentile
 * would hold only half of the time.
 *
 * @param edge the (k+1)-th largest benign logit, or null when n certifies nothing that small
 * @param logit the smallest raw logit that counts as positive, or null when n certifies nothing
 *     that small
 * @param rate the rate asked for
 * @param units n
 * @param exceeding k, or 0 when not certified
 * @param upperBound the bound that n and k do certify
 */
public record CertifiedThreshold(
    @Nullable Double edge,
    @Nullable Double logit,
    double rate,
    int units,
    int exceeding,
    double upperBound) {
  /** The confidence of the bound. */
  public static final double CONFIDENCE = 0.95;

  /**
   * How far above the benign logit the threshold lies, relative to max(1, |logit|): engines agree
   * with the reference within this tolerance, so the units at the edge stay below on every engine.
   */
  public static final double TOLERANCE = 1e-5;

  /**
   * Takes the threshold from benign units.
   *
   * @param benignLogits one raw logit per independent benign unit
   * @param rate the false-positive rate to certify, in (0, 1)
   */
  public static CertifiedThreshold of(double[] benignLogits, double rate) {
    int n = benignLogits.length;
    int k = Binomial.allowance(n, rate, CONFIDENCE);
    if (k < 0) {
      double bound = n == 0 ? 1 : Binomial.upperBound(0, n, CONFIDENCE);
      return new CertifiedThreshold(null, null, rate, n, 0, bound);
    }
    double[] ascending = benignLogits.clone();
    Arrays.sort(ascending);
    double edge = ascending[n - 1 - k];
    double logit = edge + TOLERANCE * Math.max(1, Math.abs(edge));
    return new CertifiedThreshold(edge, logit, rate, n, k, Binomial.upperBound(k, n, CONFIDENCE));
  }

  /** The fewest units that certify a rate with none of them above the threshold: 299 for 1 %. */
  public static int fewestUnits(double rate) {
    return (int) Math.ceil(Math.log(1 - CONFIDENCE) / Math.log1p(-rate));
  }
}
