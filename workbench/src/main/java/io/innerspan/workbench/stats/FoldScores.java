package io.innerspan.workbench.stats;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Scores that several models gave, each of the rows of its own fold, on one scale. Every model has
 * its own offset and scale, so that raw scores of different folds put in one order rank worse than
 * any of the models does.
 */
public final class FoldScores {
  /**
   * For each row the share of the other rows of its fold that score below it, ties counted half.
   * The order of positive and other rows within a fold stays; folds may differ in their share of
   * positive rows.
   *
   * @param scores by row
   * @param positive by row
   * @param fold by row, from 0
   * @return by row, 0 to 1; the scores as they are where a fold holds no other row to measure by
   */
  public static double[] comparable(double[] scores, boolean[] positive, int[] fold) {
    double[] comparable = new double[scores.length];
    int folds = Arrays.stream(fold).max().orElse(-1) + 1;
    for (int f = 0; f < folds; f++) {
      int number = f;
      int[] rows = IntStream.range(0, fold.length).filter(row -> fold[row] == number).toArray();
      double[] others =
          Arrays.stream(rows)
              .filter(row -> !positive[row])
              .mapToDouble(row -> scores[row])
              .sorted()
              .toArray();
      if (others.length == 0 && rows.length > 0) {
        return scores.clone();
      }
      for (int row : rows) {
        double below = first(others, scores[row], false);
        double notAbove = first(others, scores[row], true);
        comparable[row] = (below + notAbove) / 2 / others.length;
      }
    }
    return comparable;
  }

  /** How many are below a score, or not above it. */
  private static int first(double[] ascending, double score, boolean notAbove) {
    int from = 0;
    int to = ascending.length;
    while (from < to) {
      int middle = (from + to) >>> 1;
      if (ascending[middle] < score || (notAbove && ascending[middle] == score)) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }

  private FoldScores() {}
}
