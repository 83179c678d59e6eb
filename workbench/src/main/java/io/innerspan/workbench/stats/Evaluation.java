package io.innerspan.workbench.stats;

import org.jspecify.annotations.Nullable;

/**
 * What a scorer does on the test part; 95 % intervals that resample groups.
 *
 * @param auroc the area under the ROC
 * @param truePositiveRate of positive rows at or above the threshold; null without a threshold
 * @param falsePositiveRate of other rows at or above the threshold; null without a threshold
 * @param ece the expected calibration error
 * @param brier the Brier score
 */
public record Evaluation(
    Interval auroc,
    @Nullable Interval truePositiveRate,
    @Nullable Interval falsePositiveRate,
    Interval ece,
    Interval brier) {
  /**
   * Evaluates a scorer's logits.
   *
   * @param logits raw, by row
   * @param positive labels, by row
   * @param platt from raw logit to probability
   * @param threshold the smallest raw logit that counts as positive, or null
   */
  public static Evaluation of(
      double[] logits,
      boolean[] positive,
      PlattScaling platt,
      @Nullable Double threshold,
      GroupBootstrap bootstrap) {
    double[] probability = new double[logits.length];
    for (int i = 0; i < logits.length; i++) {
      probability[i] = 1 / (1 + Math.exp(-(platt.a() * logits[i] + platt.b())));
    }
    return new Evaluation(
        bootstrap.interval(new Auroc(logits, positive)::weighted),
        threshold == null
            ? null
            : bootstrap.interval(times -> rate(logits, positive, true, threshold, times)),
        threshold == null
            ? null
            : bootstrap.interval(times -> rate(logits, positive, false, threshold, times)),
        bootstrap.interval(times -> CalibrationError.expected(probability, positive, times)),
        bootstrap.interval(times -> CalibrationError.brier(probability, positive, times)));
  }

  /** The interval of the difference of two scorers' AUROC on the same resamples. */
  public static Interval aurocDifference(
      double[] logits, double[] others, boolean[] positive, GroupBootstrap bootstrap) {
    Auroc mine = new Auroc(logits, positive);
    Auroc theirs = new Auroc(others, positive);
    return bootstrap.interval(times -> mine.weighted(times) - theirs.weighted(times));
  }

  private static double rate(
      double[] logits, boolean[] positive, boolean label, double threshold, int[] times) {
    double over = 0;
    double all = 0;
    for (int i = 0; i < logits.length; i++) {
      if (positive[i] == label) {
        all += times[i];
        over += logits[i] >= threshold ? times[i] : 0;
      }
    }
    return over / all;
  }
}
