package io.innerspan.signals.drift;

import org.jspecify.annotations.Nullable;

/**
 * A one-sided CUSUM chart of log-likelihood ratios, ready to run. Immutable.
 *
 * <p>A value of bin b adds {@code increments[b] = ln(changed[b] / usual[b])} to the sum, which
 * never falls below 0. While values are independent and usual, the mean of {@code exp(increment)}
 * is at most 1, whatever the distribution of the signal is, because bins are quantiles. Then the
 * sum reaches a limit h as often as every {@code exp(h) / (D ν²)} values (Tartakovsky, Nikiforov,
 * Basseville, Sequential Analysis, 2014, section 8.2), D being the mean increment after the change
 * and ν ≤ 1 the overshoot's. The limit is the h for which that is the allowance, and higher:
 *
 * <ul>
 *   <li>for shares that are estimated from a finite baseline: their error makes the rate {@code
 *       exp(−h + (h e)² / 2)} on the average over baselines;
 *   <li>for correlation that is left after thinning.
 * </ul>
 *
 * Where the baseline is too small for that, there is no such chart.
 */
final class ChartDesign {
  private static final double LEAST_INFORMATION = 0.005;

  final ChartKind kind;
  final double[] increments;
  final double[] effects;
  final double limit;
  private final double logRate;
  private final double error;
  private final double widening;

  private ChartDesign(
      ChartKind kind,
      double[] increments,
      double[] effects,
      double limit,
      double logRate,
      double error,
      double widening) {
    this.kind = kind;
    this.increments = increments;
    this.effects = effects;
    this.limit = limit;
    this.logRate = logRate;
    this.error = error;
    this.widening = widening;
  }

  /**
   * @param samples as many independent values the shares are known from
   * @param allowance for this chart
   * @return null when the baseline does not suffice
   */
  static @Nullable ChartDesign of(
      ChartKind kind,
      Bins bins,
      Regimes regimes,
      Thinning thinning,
      double samples,
      Allowance allowance) {
    double[] usual = kind.usual(bins, regimes);
    double[] changed = kind.changed(bins, regimes);
    double[] increments = new double[bins.size()];
    for (int b = 0; b < increments.length; b++) {
      increments[b] = Math.log(changed[b] / usual[b]);
    }
    double slack = 0;
    for (double[] shares : regimes.shares()) {
      slack = Math.max(slack, Math.log(meanExp(shares, increments, 1)));
    }
    double information = 0;
    double[] effects = new double[increments.length];
    for (int b = 0; b < increments.length; b++) {
      increments[b] -= slack;
      information += changed[b] * increments[b];
      effects[b] = kind.effect(bins, b);
    }
    if (!(information > LEAST_INFORMATION)) {
      return null;
    }
    double mean = meanExp(usual, increments, 1);
    double variance = meanExp(usual, increments, 2) - mean * mean;
    double error = Math.sqrt(variance / samples) / information;
    double perWeek = allowance.valuesPerWeek() / thinning.every();
    double logRate = Math.log(perWeek * information * kind.overshoot());
    double needed = Math.max(1, logRate - Math.log(allowance.falsePerWeek()));
    double square = error * error;
    double root = 1 - 2 * square * needed;
    if (!(root > 0)) {
      return null;
    }
    // The smaller solution of h − (h e)² / 2 = needed, in a form that holds for e = 0.
    double limit = 2 * needed / (1 + Math.sqrt(root));
    return new ChartDesign(
        kind,
        increments,
        effects,
        limit * thinning.widening(),
        logRate,
        error,
        thinning.widening());
  }

  /** At most so often would this chart come so far in a week. */
  double pValue(double sum) {
    double h = sum / widening;
    return -Math.expm1(-Math.exp(logRate - h + h * error * h * error / 2));
  }

  private static double meanExp(double[] shares, double[] exponents, double times) {
    double sum = 0;
    for (int b = 0; b < shares.length; b++) {
      sum += shares[b] * Math.exp(times * exponents[b]);
    }
    return sum;
  }
}
