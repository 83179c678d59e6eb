package io.innerspan.workbench.stats;

import java.util.ArrayList;
import java.util.List;

/** What probabilities promise beside what came of them, in ten bins of equal width. */
public final class CalibrationCurve {
  private static final int BINS = 10;

  /**
   * A bin with at least one row.
   *
   * @param from the bin's lower edge
   * @param to its upper edge; 1 belongs to the last bin
   * @param rows how many probabilities lie in it
   * @param probability their mean
   * @param positives the share of their rows that are positive
   */
  public record Bin(double from, double to, int rows, double probability, double positives) {}

  /** The bins that have rows, from the lowest. */
  public static List<Bin> of(double[] probability, boolean[] positive) {
    int[] rows = new int[BINS];
    int[] positives = new int[BINS];
    double[] sum = new double[BINS];
    for (int i = 0; i < probability.length; i++) {
      int bin = (int) Math.min(BINS - 1, Math.floor(probability[i] * BINS));
      rows[bin]++;
      positives[bin] += positive[i] ? 1 : 0;
      sum[bin] += probability[i];
    }
    List<Bin> bins = new ArrayList<>();
    for (int b = 0; b < BINS; b++) {
      if (rows[b] > 0) {
        bins.add(
            new Bin(
                (double) b / BINS,
                (b + 1.0) / BINS,
                rows[b],
                sum[b] / rows[b],
                (double) positives[b] / rows[b]));
      }
    }
    return bins;
  }

  private CalibrationCurve() {}
}
