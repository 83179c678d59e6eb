package io.innerspan.workbench.sae;

import io.innerspan.workbench.stats.PrincipalAxes;
import io.innerspan.workbench.store.Rows;
import org.ejml.data.DMatrixRMaj;

/** The principal components of activations: the control without sparsity. */
final class Pca {
  private static final int SAMPLE = 1 << 14;

  private final int width;
  private final float[] mean;

  /** {@code [width, width]}, a component per row, the one with the greatest variance first. */
  private final float[] components;

  private Pca(int width, float[] mean, float[] components) {
    this.width = width;
    this.mean = mean;
    this.components = components;
  }

  static Pca of(Rows rows) {
    int width = rows.width();
    int n = Math.min(SAMPLE, rows.count());
    float[] mean = new float[width];
    float[] row = new float[width];
    float[] columns = new float[n * width];
    for (int i = 0; i < n; i++) {
      rows.copy((int) ((long) i * rows.count() / n), row, 0);
      for (int d = 0; d < width; d++) {
        columns[d * n + i] = row[d];
      }
    }
    for (int d = 0; d < width; d++) {
      double sum = 0;
      for (int i = 0; i < n; i++) {
        sum += columns[d * n + i];
      }
      mean[d] = (float) (sum / n);
      for (int i = 0; i < n; i++) {
        columns[d * n + i] -= mean[d];
      }
    }
    return new Pca(width, mean, components(covariance(columns, n, width), width));
  }

  private static float[] covariance(float[] columns, int n, int width) {
    try (Gemm gemm = new Gemm(n, width)) {
      gemm.set(columns, new float[width]);
      return gemm.multiply(columns);
    }
  }

  private static float[] components(float[] covariance, int width) {
    DMatrixRMaj matrix = new DMatrixRMaj(width, width);
    for (int i = 0; i < width; i++) {
      for (int j = 0; j < width; j++) {
        matrix.set(i, j, (covariance[i * width + j] + (double) covariance[j * width + i]) / 2);
      }
    }
    double[][] axes = PrincipalAxes.of(matrix).directions();
    float[] components = new float[width * width];
    for (int rank = 0; rank < width; rank++) {
      for (int d = 0; d < width; d++) {
        components[rank * width + d] = (float) axes[rank][d];
      }
    }
    return components;
  }

  /** The coordinates along all components, {@code [n, width]}. */
  float[] project(float[] x) {
    try (Gemm gemm = new Gemm(width, width)) {
      gemm.set(components, new float[width]);
      return gemm.multiply(centred(x));
    }
  }

  /** The reconstruction from the first {@code k} components. */
  float[] reconstruct(float[] x, int k) {
    float[] coordinates = project(x);
    float[] decoded = new float[x.length];
    for (int at = 0; at < x.length; at += width) {
      System.arraycopy(mean, 0, decoded, at, width);
      for (int c = 0; c < Math.min(k, width); c++) {
        Vectors.add(decoded, at, coordinates[at + c], components, c * width, width);
      }
    }
    return decoded;
  }

  private float[] centred(float[] x) {
    float[] centred = x.clone();
    for (int i = 0; i < x.length; i++) {
      centred[i] -= mean[i % width];
    }
    return centred;
  }
}
