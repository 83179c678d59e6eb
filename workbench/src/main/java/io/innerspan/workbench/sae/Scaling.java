package io.innerspan.workbench.sae;

import io.innerspan.workbench.store.Rows;

/**
 * What brings activations to a size that one learning rate suits.
 *
 * @param mean of the activations
 * @param factor √width over the mean distance from the mean
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Scaling(float[] mean, float factor) {
  private static final int SAMPLE = 1 << 16;

  static Scaling of(Rows rows) {
    int width = rows.width();
    int stride = Math.max(1, rows.count() / SAMPLE);
    float[] row = new float[width];
    double[] sum = new double[width];
    int n = 0;
    for (int i = 0; i < rows.count(); i += stride, n++) {
      rows.copy(i, row, 0);
      for (int d = 0; d < width; d++) {
        sum[d] += row[d];
      }
    }
    float[] mean = new float[width];
    for (int d = 0; d < width; d++) {
      mean[d] = (float) (sum[d] / n);
    }
    double distance = 0;
    for (int i = 0; i < rows.count(); i += stride) {
      rows.copy(i, row, 0);
      double squares = 0;
      for (int d = 0; d < width; d++) {
        squares += (row[d] - mean[d]) * (row[d] - mean[d]);
      }
      distance += Math.sqrt(squares) / n;
    }
    return new Scaling(mean, distance == 0 ? 1 : (float) (Math.sqrt(width) / distance));
  }
}
