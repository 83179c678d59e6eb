package io.innerspan.benchmarks;

import java.util.Arrays;
import java.util.Collection;

/** Order statistics of plain numbers. */
final class Samples {
  static double median(double[] values) {
    return percentile(values, 50);
  }

  /**
   * A percentile, linear between the two closest ranks (Hyndman and Fan's type 7).
   *
   * @param values at least one, in any order
   * @param percent from 0 to 100
   */
  static double percentile(double[] values, double percent) {
    if (values.length == 0 || !(percent >= 0 && percent <= 100)) {
      throw new IllegalArgumentException(
          "expected values and a percentage, found "
              + values.length
              + " values and "
              + percent
              + " %");
    }
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double rank = percent / 100 * (sorted.length - 1);
    int below = (int) rank;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (rank - below) * (sorted[above] - sorted[below]);
  }

  static double[] concat(Collection<double[]> parts) {
    return parts.stream().flatMapToDouble(Arrays::stream).toArray();
  }

  private Samples() {}
}
