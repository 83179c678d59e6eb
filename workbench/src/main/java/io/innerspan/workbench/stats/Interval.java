package io.innerspan.workbench.stats;

import java.util.Arrays;

/**
 * A value with its 95 % interval.
 *
 * @param value the value on the rows as they are
 * @param low the 2.5 % quantile over resamples
 * @param high the 97.5 % quantile over resamples
 */
public record Interval(double value, double low, double high) {
  /** Of a value and its resampled values; resamples that gave no number are left out. */
  static Interval of(double value, double[] resampled) {
    double[] ascending = Arrays.stream(resampled).filter(Double::isFinite).sorted().toArray();
    if (ascending.length == 0) {
      return new Interval(value, Double.NaN, Double.NaN);
    }
    return new Interval(value, quantile(ascending, 0.025), quantile(ascending, 0.975));
  }

  private static double quantile(double[] ascending, double q) {
    double position = q * (ascending.length - 1);
    int below = (int) Math.floor(position);
    int above = Math.min(below + 1, ascending.length - 1);
    double share = position - below;
    return ascending[below] * (1 - share) + ascending[above] * share;
  }
}
