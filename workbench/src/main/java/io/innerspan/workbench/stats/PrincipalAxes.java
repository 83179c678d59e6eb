package io.innerspan.workbench.stats;

import java.util.Comparator;
import java.util.stream.IntStream;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/**
 * The directions in which activations vary, the one with the greatest variance first.
 *
 * @param variances {@code [width]}, descending
 * @param directions unit vectors, {@code [width][width]}
 */
public record PrincipalAxes(double[] variances, double[][] directions) {
  /**
   * Takes a covariance apart.
   *
   * @param covariance symmetric
   */
  public static PrincipalAxes of(DMatrixRMaj covariance) {
    int width = covariance.getNumRows();
    EigenDecomposition_F64<DMatrixRMaj> eigen = DecompositionFactory_DDRM.eig(width, true, true);
    if (!eigen.decompose(covariance)) {
      throw new IllegalStateException("the covariance of activations has no eigenvectors");
    }
    int[] order =
        IntStream.range(0, width)
            .boxed()
            .sorted(Comparator.comparingDouble(i -> -eigen.getEigenvalue(i).getReal()))
            .mapToInt(Integer::intValue)
            .toArray();
    double[] variances = new double[width];
    double[][] directions = new double[width][];
    for (int rank = 0; rank < width; rank++) {
      variances[rank] = eigen.getEigenvalue(order[rank]).getReal();
      directions[rank] = eigen.getEigenVector(order[rank]).getData().clone();
    }
    return new PrincipalAxes(variances, directions);
  }
}
