package io.innerspan.extension.governor;

import java.util.Arrays;

/** The median of the last few values, and between which values it lies. Not thread-safe. */
final class Recent {
  /** Of the normal distribution, the quantile that one in twenty exceeds. */
  private static final double ONE_IN_TWENTY = 1.6449;

  private final double[] values;
  private long count;

  Recent(int size) {
    values = new double[size];
  }

  void add(double value) {
    values[(int) (count++ % values.length)] = value;
  }

  /** How many values there have been, up to the number that is kept. */
  int size() {
    return (int) Math.min(count, values.length);
  }

  /** The median; NaN of nothing. */
  double median() {
    int size = size();
    if (size == 0) {
      return Double.NaN;
    }
    double[] sorted = sorted(size);
    return (sorted[(size - 1) / 2] + sorted[size / 2]) / 2;
  }

  /**
   * What the median of the distribution lies between, whatever the distribution: at each side it is
   * beyond in one case of twenty. By order statistics (Conover, Practical Nonparametric Statistics,
   * 3.2).
   */
  Interval interval() {
    int size = size();
    double[] sorted = sorted(size);
    double reach = ONE_IN_TWENTY * Math.sqrt(size) / 2;
    int low = Math.max(0, (int) Math.floor((size - 1) / 2.0 - reach));
    return new Interval(sorted[low], sorted[size - 1 - low]);
  }

  private double[] sorted(int size) {
    double[] sorted = Arrays.copyOf(values, size);
    Arrays.sort(sorted);
    return sorted;
  }

  /** How many values there have been. */
  long count() {
    return count;
  }

  void clear() {
    count = 0;
  }
}
