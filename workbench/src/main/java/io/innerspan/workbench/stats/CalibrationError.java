package io.innerspan.workbench.stats;

/** How far probabilities are from the rates that they promise. */
public final class CalibrationError {
  private static final int BINS = 10;

  /**
   * The expected calibration error: the mean over rows of |mean probability − rate of positives| of
   * the row's bin, in ten bins of equal width.
   *
   * @param times how many times each row counts
   */
  public static double expected(double[] probability, boolean[] positive, int[] times) {
    double[] surplus = new double[BINS];
    double rows = 0;
    for (int i = 0; i < probability.length; i++) {
      int bin = (int) Math.min(BINS - 1, Math.floor(probability[i] * BINS));
      surplus[bin] += times[i] * (probability[i] - (positive[i] ? 1 : 0));
      rows += times[i];
    }
    double error = 0;
    for (double bin : surplus) {
      error += Math.abs(bin);
    }
    return error / rows;
  }

  /**
   * The Brier score: the mean of (probability − outcome)².
   *
   * @param times how many times each row counts
   */
  public static double brier(double[] probability, boolean[] positive, int[] times) {
    double sum = 0;
    double rows = 0;
    for (int i = 0; i < probability.length; i++) {
      double miss = probability[i] - (positive[i] ? 1 : 0);
      sum += times[i] * miss * miss;
      rows += times[i];
    }
    return sum / rows;
  }

  private CalibrationError() {}
}
