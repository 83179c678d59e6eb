package io.innerspan.workbench.stats;

import java.util.Comparator;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A curve through the distinct scores of a classifier, from the greatest down; rows of one score
 * together.
 *
 * @param x from 0 to 1, never falling
 * @param y from 0 to 1
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Curve(double[] x, double[] y) {
  /**
   * True positives by false positives, from (0, 0) to (1, 1).
   *
   * @param scores by row, not NaN
   * @param positive whether a row's label is the positive one; both labels occur
   */
  public static Curve roc(double[] scores, boolean[] positive) {
    return of(scores, positive, (found, wrong, positives, others) -> wrong / others, Curve::recall);
  }

  /**
   * Precision by recall, from recall 0 with the precision of the greatest score to recall 1.
   *
   * @param scores by row, not NaN
   * @param positive whether a row's label is the positive one; both labels occur
   */
  public static Curve precisionRecall(double[] scores, boolean[] positive) {
    Curve curve =
        of(
            scores,
            positive,
            Curve::recall,
            (found, wrong, positives, others) ->
                found + wrong == 0 ? Double.NaN : found / (found + wrong));
    curve.y[0] = curve.y[1];
    return curve;
  }

  /**
   * The same curve with fewer points: none that lies within {@code step} of the last one kept.
   *
   * @param step along either axis
   */
  public Curve thinned(double step) {
    int[] kept = new int[x.length];
    int count = 0;
    for (int i = 0; i < x.length; i++) {
      boolean edge = i == 0 || i == x.length - 1;
      int last = count == 0 ? 0 : kept[count - 1];
      if (edge || Math.abs(x[i] - x[last]) >= step || Math.abs(y[i] - y[last]) >= step) {
        kept[count++] = i;
      }
    }
    return new Curve(
        IntStream.range(0, count).mapToDouble(i -> x[kept[i]]).toArray(),
        IntStream.range(0, count).mapToDouble(i -> y[kept[i]]).toArray());
  }

  /** A coordinate of what counts as positive so far. */
  @FunctionalInterface
  private interface Coordinate {
    double of(double found, double wrong, double positives, double others);
  }

  private static double recall(double found, double wrong, double positives, double others) {
    return found / positives;
  }

  private static Curve of(double[] scores, boolean[] positive, Coordinate x, Coordinate y) {
    int positives = (int) IntStream.range(0, positive.length).filter(i -> positive[i]).count();
    int others = positive.length - positives;
    if (scores.length != positive.length || positives == 0 || others == 0) {
      throw new IllegalArgumentException(
          "expected a label per score and rows of both labels, found "
              + scores.length
              + " scores, "
              + positives
              + " positive and "
              + others
              + " other rows");
    }
    int[] descending =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -scores[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    DoubleStream.Builder xs = DoubleStream.builder().add(x.of(0, 0, positives, others));
    DoubleStream.Builder ys = DoubleStream.builder().add(y.of(0, 0, positives, others));
    int found = 0;
    int wrong = 0;
    for (int i = 0; i < descending.length; ) {
      double score = scores[descending[i]];
      for (; i < descending.length && scores[descending[i]] == score; i++) {
        if (positive[descending[i]]) {
          found++;
        } else {
          wrong++;
        }
      }
      xs.add(x.of(found, wrong, positives, others));
      ys.add(y.of(found, wrong, positives, others));
    }
    return new Curve(xs.build().toArray(), ys.build().toArray());
  }
}
