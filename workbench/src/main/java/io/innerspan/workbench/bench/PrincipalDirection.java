package io.innerspan.workbench.bench;

import io.innerspan.workbench.learn.LinearModel;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.SingularValueDecomposition_F64;

/** The direction along which the positive rows differ most from one another. */
final class PrincipalDirection {
  /**
   * Of the positive rows.
   *
   * @param rows {@code [n][width]}
   */
  static LinearModel of(float[][] rows, boolean[] positive) {
    int width = rows[0].length;
    double[] mean = new double[width];
    int count = 0;
    for (int i = 0; i < rows.length; i++) {
      if (positive[i]) {
        count++;
        for (int d = 0; d < width; d++) {
          mean[d] += rows[i][d];
        }
      }
    }
    DMatrixRMaj centred = new DMatrixRMaj(count, width);
    int at = 0;
    for (int i = 0; i < rows.length; i++) {
      if (positive[i]) {
        for (int d = 0; d < width; d++) {
          centred.set(at, d, rows[i][d] - mean[d] / count);
        }
        at++;
      }
    }
    SingularValueDecomposition_F64<DMatrixRMaj> svd =
        DecompositionFactory_DDRM.svd(count, width, false, true, true);
    if (!svd.decompose(centred)) {
      throw new IllegalStateException("activations have no principal components");
    }
    DMatrixRMaj transposed = svd.getV(null, true);
    int best = 0;
    for (int i = 1; i < svd.numberOfSingularValues(); i++) {
      best = svd.getSingularValues()[i] > svd.getSingularValues()[best] ? i : best;
    }
    double[] direction = new double[width];
    for (int d = 0; d < width; d++) {
      direction[d] = transposed.get(best, d);
    }
    return new LinearModel(direction, 0);
  }

  private PrincipalDirection() {}
}
