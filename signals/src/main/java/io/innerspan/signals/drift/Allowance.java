package io.innerspan.signals.drift;

import io.innerspan.signals.InvalidValueException;

/**
 * How often one monitored signal may raise a false finding.
 *
 * @param falsePerWeek the expected number of false findings in a week, in (0, 1]
 * @param valuesPerWeek how many values a week brings, above 0
 */
public record Allowance(double falsePerWeek, double valuesPerWeek) {
  private static final double SECONDS_PER_WEEK = 7 * 24 * 3600;

  /**
   * A thousandth of a finding per week at ten values a second: a JVM with 1,000 such signals has
   * one a week.
   */
  public static final Allowance DEFAULT = new Allowance(0.001, 10 * SECONDS_PER_WEEK);

  public Allowance {
    if (!(falsePerWeek > 0 && falsePerWeek <= 1)) {
      throw new InvalidValueException("false_per_week", "above 0 and at most 1", falsePerWeek);
    }
    if (!(valuesPerWeek > 0) || Double.isInfinite(valuesPerWeek)) {
      throw new InvalidValueException("values_per_week", "above 0", valuesPerWeek);
    }
  }

  /** The same at another rate of values. */
  public Allowance atRate(double valuesPerSecond) {
    return new Allowance(falsePerWeek, valuesPerSecond * SECONDS_PER_WEEK);
  }

  /** A part of it. */
  Allowance share(double share) {
    return new Allowance(falsePerWeek * share, valuesPerWeek);
  }
}
