package io.innerspan.workbench.learn;

import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.factory.LinearSolverFactory_DDRM;
import org.ejml.interfaces.linsol.LinearSolverDense;

/**
 * Fisher's linear discriminant w = Σ⁻¹(μ₊ − μ₋), Σ being the pooled covariance within the classes,
 * shrunken towards the identity times its mean variance; the offset lies midway between the means.
 */
final class Discriminant {
  private final DMatrixRMaj covariance;
  private final DMatrixRMaj difference;
  private final double[] middle;

  /**
   * @param rows {@code [n][width]}
   * @param positive labels; both occur
   */
  Discriminant(double[][] rows, boolean[] positive) {
    int width = rows[0].length;
    double[][] mean = means(rows, positive, width);
    DMatrixRMaj centred = new DMatrixRMaj(rows.length, width);
    for (int i = 0; i < rows.length; i++) {
      double[] own = mean[positive[i] ? 1 : 0];
      for (int d = 0; d < width; d++) {
        centred.unsafe_set(i, d, rows[i][d] - own[d]);
      }
    }
    covariance = new DMatrixRMaj(width, width);
    CommonOps_DDRM.multInner(centred, covariance);
    CommonOps_DDRM.scale(1.0 / Math.max(1, rows.length - 2), covariance);
    difference = new DMatrixRMaj(width, 1);
    middle = new double[width];
    for (int d = 0; d < width; d++) {
      difference.set(d, 0, mean[1][d] - mean[0][d]);
      middle[d] = (mean[1][d] + mean[0][d]) / 2;
    }
  }

  /**
   * Solves.
   *
   * @param shrinkage the share of the identity, in (0, 1]
   */
  LinearModel fit(double shrinkage) {
    int width = middle.length;
    DMatrixRMaj shrunken = covariance.copy();
    CommonOps_DDRM.scale(1 - shrinkage, shrunken);
    double variance = CommonOps_DDRM.trace(covariance) / width;
    // A covariance of nothing leaves the difference of means.
    double ridge = variance > 0 ? shrinkage * variance : 1;
    for (int d = 0; d < width; d++) {
      shrunken.add(d, d, ridge);
    }
    DMatrixRMaj solution = new DMatrixRMaj(width, 1);
    LinearSolverDense<DMatrixRMaj> solver = LinearSolverFactory_DDRM.symmPosDef(width);
    if (!solver.setA(shrunken)) {
      throw new IllegalStateException("a shrunken covariance is positive definite");
    }
    solver.solve(difference.copy(), solution);
    double[] weight = solution.getData().clone();
    double bias = 0;
    for (int d = 0; d < width; d++) {
      bias -= weight[d] * middle[d];
    }
    return new LinearModel(weight, bias);
  }

  private static double[][] means(double[][] rows, boolean[] positive, int width) {
    double[][] mean = new double[2][width];
    int[] count = new int[2];
    for (int i = 0; i < rows.length; i++) {
      int label = positive[i] ? 1 : 0;
      count[label]++;
      for (int d = 0; d < width; d++) {
        mean[label][d] += rows[i][d];
      }
    }
    for (int label = 0; label < 2; label++) {
      for (int d = 0; d < width; d++) {
        mean[label][d] /= count[label];
      }
    }
    return mean;
  }
}
