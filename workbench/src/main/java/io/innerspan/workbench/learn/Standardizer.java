package io.innerspan.workbench.learn;

/** Brings every feature to mean 0 and variance 1, and takes that back out of a fitted model. */
final class Standardizer {
  /**
   * The least deviation, relative to the activations' size. What varies less is mostly rounding (a
   * dead dimension varies by 1e-33), and dividing by it would blow rounding up.
   */
  private static final double LEAST_DEVIATION = 1e-3;

  private final double[] mean;
  private final double[] deviation;

  Standardizer(float[][] rows) {
    int width = rows[0].length;
    mean = new double[width];
    deviation = new double[width];
    for (float[] row : rows) {
      for (int d = 0; d < width; d++) {
        mean[d] += row[d];
      }
    }
    for (int d = 0; d < width; d++) {
      mean[d] /= rows.length;
    }
    for (float[] row : rows) {
      for (int d = 0; d < width; d++) {
        double distance = row[d] - mean[d];
        deviation[d] += distance * distance;
      }
    }
    double least = LEAST_DEVIATION * size(rows);
    for (int d = 0; d < width; d++) {
      deviation[d] = Math.max(Math.sqrt(deviation[d] / rows.length), least);
    }
  }

  /** The root mean square of all values; 1 when all are 0. */
  private static double size(float[][] rows) {
    double squares = 0;
    for (float[] row : rows) {
      for (float value : row) {
        squares += (double) value * value;
      }
    }
    return squares == 0 ? 1 : Math.sqrt(squares / rows.length / rows[0].length);
  }

  double[][] apply(float[][] rows) {
    double[][] standard = new double[rows.length][mean.length];
    for (int i = 0; i < rows.length; i++) {
      for (int d = 0; d < mean.length; d++) {
        standard[i][d] = (rows[i][d] - mean[d]) / deviation[d];
      }
    }
    return standard;
  }

  /** The model on raw features that equals {@code model} on standardised ones. */
  LinearModel fold(LinearModel model) {
    double[] weight = new double[mean.length];
    double bias = model.bias();
    for (int d = 0; d < mean.length; d++) {
      weight[d] = model.weight()[d] / deviation[d];
      bias -= weight[d] * mean[d];
    }
    return new LinearModel(weight, bias);
  }
}
