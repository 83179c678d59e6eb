package io.innerspan.workbench.stats;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The area under the precision-recall curve as average precision: Σ (Rₙ − Rₙ₋₁) · Pₙ over the
 * distinct scores from the greatest down, rows of one score together (as scikit-learn computes it).
 */
public final class AveragePrecision {
  private final double[] scores;
  private final boolean[] positive;
  private final int[] descending;

  /**
   * @param scores by row, not NaN
   * @param positive whether a row's label is the positive one
   */
  public AveragePrecision(double[] scores, boolean[] positive) {
    if (scores.length != positive.length) {
      throw new IllegalArgumentException(
          "expected a label per score (" + scores.length + "), found " + positive.length);
    }
    this.scores = scores.clone();
    this.positive = positive.clone();
    descending =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -scores[i]))
            .mapToInt(Integer::intValue)
            .toArray();
  }

  /** The area when row i counts {@code times[i]} times; NaN without a positive. */
  public double weighted(int[] times) {
    double positives = 0;
    for (int i = 0; i < times.length; i++) {
      positives += positive[i] ? times[i] : 0;
    }
    double found = 0;
    double seen = 0;
    double area = 0;
    for (int i = 0; i < descending.length; ) {
      double before = found;
      double score = scores[descending[i]];
      for (; i < descending.length && scores[descending[i]] == score; i++) {
        int row = descending[i];
        seen += times[row];
        found += positive[row] ? times[row] : 0;
      }
      if (found > before) {
        area += (found - before) / positives * (found / seen);
      }
    }
    // The sum of many shares may exceed 1 by rounding.
    return positives == 0 ? Double.NaN : Math.min(1, area);
  }
}
