package io.innerspan.signals.pack;

import io.innerspan.signals.InvalidValueException;

/**
 * A measured number with its interval. All three are finite; {@code low <= high}. An exact count
 * has the same value thrice.
 *
 * @param value the estimate
 * @param low the interval's lower end
 * @param high the interval's upper end
 */
public record Metric(double value, double low, double high) {
  public Metric {
    if (!Double.isFinite(value) || !Double.isFinite(low) || !Double.isFinite(high)) {
      throw new InvalidValueException(
          "metric", "finite value, low and high", value + ", " + low + ", " + high);
    }
    if (low > high) {
      throw new InvalidValueException("metric", "low <= high", "low " + low + " and high " + high);
    }
  }

  /** A number without uncertainty, such as a count. */
  public static Metric exact(double value) {
    return new Metric(value, value, value);
  }
}
