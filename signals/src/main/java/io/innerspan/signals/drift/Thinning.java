package io.innerspan.signals.drift;

import java.util.List;

/**
 * How a chart that supposes independent values is fed with others: with every n-th value, so far
 * apart that little is left of their correlation, and with limits that allow for the rest.
 *
 * @param every one value of so many is taken
 * @param widening what limits are multiplied with, at least 1
 */
record Thinning(int every, double widening) {
  private static final double LITTLE = 0.05;

  /** The number of standard errors up to which a correlation is taken for none. */
  private static final double ERRORS = 4;

  /**
   * @param autocorrelation at the lags 1, 2, 4, 8 and so on
   * @param count of the values that it was computed from
   */
  static Thinning of(List<Double> autocorrelation, long count) {
    double noise = ERRORS / Math.sqrt(count);
    int index = autocorrelation.size();
    while (index > 0 && Math.abs(autocorrelation.get(index - 1)) <= Math.max(LITTLE, noise)) {
      index--;
    }
    double left = index < autocorrelation.size() ? autocorrelation.get(index) : 0;
    return new Thinning(1 << index, left > noise ? (1 + left) / (1 - left) : 1);
  }

  /**
   * As many values in a row say as much as one independent value: 1 + 2 Σ ρ, with the correlations
   * between the known lags on straight lines.
   */
  static double time(List<Double> autocorrelation, long count) {
    double noise = ERRORS / Math.sqrt(count);
    double time = 1;
    double before = 1;
    for (int i = 0; i < autocorrelation.size(); i++) {
      double here = autocorrelation.get(i);
      if (here <= noise) {
        break;
      }
      int width = i == 0 ? 1 : 1 << (i - 1);
      // The sum over the lags after the last known one up to this one.
      time += 2 * (width * (before + here) / 2 + (here - before) / 2);
      before = here;
    }
    return time;
  }
}
