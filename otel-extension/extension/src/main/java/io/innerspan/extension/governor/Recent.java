package io.innerspan.extension.governor;

import java.util.Arrays;

/** The median of the last few values. Not thread-safe. */
final class Recent {
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
    double[] sorted = Arrays.copyOf(values, size);
    Arrays.sort(sorted);
    return (sorted[(size - 1) / 2] + sorted[size / 2]) / 2;
  }

  void clear() {
    count = 0;
  }
}
