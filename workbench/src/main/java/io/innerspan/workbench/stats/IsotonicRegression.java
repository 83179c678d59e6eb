package io.innerspan.workbench.stats;

import io.innerspan.signals.Calibration;
import io.innerspan.signals.Calibration.Isotonic.Point;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The never falling scores that are nearest to the labels by the weighted squares: pool adjacent
 * violators (Ayer et al. 1955). As scikit-learn's {@code IsotonicRegression} the curve goes
 * straight between the ends of neighbouring blocks.
 */
public final class IsotonicRegression {
  /** Rows of neighbouring logits with one score. */
  private record Block(double first, double last, double weight, double score) {
    Block and(Block next) {
      double sum = weight + next.weight;
      double mean = (weight * score + next.weight * next.score) / sum;
      return new Block(first, next.last, sum, mean);
    }
  }

  /**
   * Fits.
   *
   * @param weight how much each row counts, above 0
   * @return null when there are fewer than two different logits
   */
  public static Calibration.@Nullable Isotonic fit(
      double[] logits, boolean[] positive, double[] weight) {
    int[] order =
        IntStream.range(0, logits.length)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> logits[i]))
            .mapToInt(Integer::intValue)
            .toArray();
    Deque<Block> blocks = new ArrayDeque<>();
    for (int i = 0; i < order.length; ) {
      Block block = row(order[i], logits, positive, weight);
      // Rows of one logit have one score whatever their labels.
      for (i++; i < order.length && logits[order[i]] == block.first(); i++) {
        block = block.and(row(order[i], logits, positive, weight));
      }
      while (!blocks.isEmpty() && blocks.getLast().score() >= block.score()) {
        block = blocks.removeLast().and(block);
      }
      blocks.addLast(block);
    }
    List<Point> points = new ArrayList<>();
    for (Iterator<Block> each = blocks.iterator(); each.hasNext(); ) {
      Block block = each.next();
      double score = Math.min(1, Math.max(0, block.score()));
      points.add(new Point(block.first(), score));
      if (block.last() > block.first()) {
        points.add(new Point(block.last(), score));
      }
    }
    return points.size() < 2 ? null : new Calibration.Isotonic(points);
  }

  private static Block row(int i, double[] logits, boolean[] positive, double[] weight) {
    return new Block(logits[i], logits[i], weight[i], positive[i] ? 1 : 0);
  }

  private IsotonicRegression() {}
}
