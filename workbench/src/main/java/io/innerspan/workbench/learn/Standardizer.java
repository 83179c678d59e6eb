package io.innerspan.workbench.learn;

/** Brings every feature to mean 0 and variance 1, and takes that back out of a fitted model. */
final class Standardizer {
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
    for (int d = 0; d < width; d++) {
      deviation[d] = Math.sqrt(deviation[d] / rows.length);
      if (deviation[d] == 0) {
        // A feature that never varies says nothing; any scale will do.
        deviation[d] = 1;
      }
    }
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
