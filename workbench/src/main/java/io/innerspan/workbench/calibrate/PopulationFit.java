package io.innerspan.workbench.calibrate;

import io.innerspan.signals.Floats;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.PopulationDistance;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.stats.PrincipalAxes;
import java.util.stream.DoubleStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;

/**
 * The population of mean activations: their mean, the directions of greatest variance with it, and
 * what is left in the mean over all other directions (probabilistic PCA, Tipping and Bishop 1999).
 */
final class PopulationFit {
  private static final int FEWEST_PER_DIRECTION = 10;

  /**
   * Fits.
   *
   * @param rows {@code [n][width]}
   * @param rank how many directions at most
   * @throws BadInput when the rows are too few, or do not vary
   */
  static PopulationDistance of(String id, HookPoint hookPoint, float[][] rows, int rank) {
    int width = rows[0].length;
    int kept = Math.min(rank, width - 1);
    if (rows.length < FEWEST_PER_DIRECTION * (long) kept) {
      throw new BadInput(
          "--distance-rank "
              + rank
              + ": expected at least "
              + FEWEST_PER_DIRECTION
              + " texts for each direction, found "
              + rows.length
              + " texts");
    }
    double[] mean = mean(rows);
    PrincipalAxes axes = PrincipalAxes.of(covariance(rows, mean));
    float[] components = new float[kept * width];
    float[] variances = new float[kept];
    double all = DoubleStream.of(axes.variances()).sum();
    double left = all;
    for (int k = 0; k < kept; k++) {
      double variance = axes.variances()[k];
      left -= variance;
      variances[k] = (float) variance;
      for (int d = 0; d < width; d++) {
        components[k * width + d] = (float) axes.directions()[k][d];
      }
    }
    double residual = left / (width - kept);
    // What varies a billion times less than the whole is rounding.
    if (!(residual > 1e-9 * all / width)) {
      throw new BadInput(
          "--distance "
              + hookPoint
              + ": expected activations that vary in more than "
              + kept
              + " directions, found none beside them; a smaller --distance-rank may do");
    }
    float[] centre = new float[width];
    for (int d = 0; d < width; d++) {
      centre[d] = (float) mean[d];
    }
    return new PopulationDistance(
        id,
        hookPoint,
        Pooling.MEAN,
        Floats.of("mean", centre),
        Floats.of("components", components),
        Floats.of("variances", variances),
        residual);
  }

  private static double[] mean(float[][] rows) {
    double[] mean = new double[rows[0].length];
    for (float[] row : rows) {
      for (int d = 0; d < mean.length; d++) {
        mean[d] += row[d];
      }
    }
    for (int d = 0; d < mean.length; d++) {
      mean[d] /= rows.length;
    }
    return mean;
  }

  private static DMatrixRMaj covariance(float[][] rows, double[] mean) {
    DMatrixRMaj centred = new DMatrixRMaj(rows.length, mean.length);
    for (int i = 0; i < rows.length; i++) {
      for (int d = 0; d < mean.length; d++) {
        centred.unsafe_set(i, d, rows[i][d] - mean[d]);
      }
    }
    DMatrixRMaj covariance = new DMatrixRMaj(mean.length, mean.length);
    CommonOps_DDRM.multInner(centred, covariance);
    CommonOps_DDRM.scale(1.0 / (rows.length - 1), covariance);
    return covariance;
  }

  private PopulationFit() {}
}
