package io.innerspan.benchmarks;

import java.util.Locale;

/**
 * A measured value with its 95 % interval.
 *
 * @param value the value over all that was measured
 * @param low the interval's lower end
 * @param high the interval's upper end
 */
record Estimate(double value, double low, double high) {
  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%.3f [%.3f, %.3f]", value, low, high);
  }
}
