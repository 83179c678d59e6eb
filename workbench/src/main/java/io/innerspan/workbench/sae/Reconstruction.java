package io.innerspan.workbench.sae;

import io.innerspan.workbench.store.Rows;
import java.util.function.UnaryOperator;

/**
 * How well activations are reconstructed.
 *
 * @param explained {@code 1 − Σ‖x − x̂‖² / Σ‖x − x̄‖²}, x̄ the mean of these rows
 * @param cosine the mean cosine of x and x̂
 * @param rows how many were reconstructed
 */
public record Reconstruction(double explained, double cosine, int rows) {
  /**
   * Measures.
   *
   * @param reconstruct from {@code [n, width]} to {@code [n, width]}
   * @param batch rows at once
   */
  static Reconstruction of(Rows rows, int batch, UnaryOperator<float[]> reconstruct) {
    int width = rows.width();
    double[] sum = new double[width];
    double squares = 0;
    double errors = 0;
    double cosines = 0;
    for (int from = 0; from < rows.count(); from += batch) {
      float[] x = rows.range(from, Math.min(rows.count(), from + batch));
      float[] decoded = reconstruct.apply(x);
      for (int at = 0; at < x.length; at += width) {
        double product = 0;
        double own = 0;
        double other = 0;
        for (int d = 0; d < width; d++) {
          double a = x[at + d];
          double b = decoded[at + d];
          sum[d] += a;
          own += a * a;
          other += b * b;
          product += a * b;
          errors += (a - b) * (a - b);
        }
        squares += own;
        cosines += own == 0 || other == 0 ? 0 : product / Math.sqrt(own * other);
      }
    }
    double means = 0;
    for (double each : sum) {
      means += each * each;
    }
    double variance = squares - means / rows.count();
    return new Reconstruction(1 - errors / variance, cosines / rows.count(), rows.count());
  }
}
