package io.innerspan.workbench.stats;

import java.util.Arrays;

/**
 * How many of a number of rows lie at or over a threshold.
 *
 * @param rows the rows
 * @param over those at or over the threshold
 */
public record Rate(int rows, int over) {
  /** Counts. */
  public static Rate of(double[] logits, double threshold) {
    return new Rate(
        logits.length, (int) Arrays.stream(logits).filter(logit -> logit >= threshold).count());
  }

  /** The share; NaN of no rows. */
  public double value() {
    return (double) over / rows;
  }

  /**
   * With 95 % confidence the true rate is at most this, if the rows are independent
   * (Clopper–Pearson); 1 of no rows.
   */
  public double upperBound() {
    return rows == 0 ? 1 : Binomial.upperBound(over, rows, CertifiedThreshold.CONFIDENCE);
  }
}
