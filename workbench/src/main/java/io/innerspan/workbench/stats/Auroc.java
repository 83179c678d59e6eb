package io.innerspan.workbench.stats;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The area under the receiver operating characteristic: the chance that a positive's score exceeds
 * a negative's, ties counted half. Prepared once, then computed for many weightings of the rows.
 */
public final class Auroc {
  private final double[] scores;
  private final boolean[] positive;
  private final int[] ascending;

  /**
   * @param scores by row, not NaN
   * @param positive whether a row's label is the positive one
   */
  public Auroc(double[] scores, boolean[] positive) {
    if (scores.length != positive.length) {
      throw new IllegalArgumentException(
          "expected a label per score (" + scores.length + "), found " + positive.length);
    }
    this.scores = scores.clone();
    this.positive = positive.clone();
    ascending =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> scores[i]))
            .mapToInt(Integer::intValue)
            .toArray();
  }

  /** The area of the rows as they are; NaN without a positive or without a negative. */
  public static double of(double[] scores, boolean[] positive) {
    return new Auroc(scores, positive).value();
  }

  /** The area of the rows as they are; NaN without a positive or without a negative. */
  public double value() {
    int[] once = new int[scores.length];
    Arrays.fill(once, 1);
    return weighted(once);
  }

  /**
   * The area when row i counts {@code times[i]} times; NaN without a positive or without a
   * negative.
   */
  public double weighted(int[] times) {
    double wins = 0;
    double negativesBelow = 0;
    double positives = 0;
    for (int i = 0; i < ascending.length; ) {
      double tiedPositives = 0;
      double tiedNegatives = 0;
      double score = scores[ascending[i]];
      for (; i < ascending.length && scores[ascending[i]] == score; i++) {
        int row = ascending[i];
        if (positive[row]) {
          tiedPositives += times[row];
        } else {
          tiedNegatives += times[row];
        }
      }
      wins += tiedPositives * (negativesBelow + tiedNegatives / 2);
      positives += tiedPositives;
      negativesBelow += tiedNegatives;
    }
    return wins / (positives * negativesBelow);
  }
}
