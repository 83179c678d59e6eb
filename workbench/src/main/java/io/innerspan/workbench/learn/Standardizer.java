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
    this(TokenBags.ofRows(rows));
  }

  /** Of all tokens of all texts. */
  Standardizer(TokenBags bags) {
    int width = bags.width();
    mean = new double[width];
    deviation = new double[width];
    float[] tokens = new float[bags.mostTokens() * width];
    double squares = 0;
    long rows = 0;
    for (int i = 0; i < bags.count(); i++) {
      bags.copy(i, tokens);
      for (int t = 0; t < bags.tokens(i); t++) {
        for (int d = 0; d < width; d++) {
          double value = tokens[t * width + d];
          mean[d] += value;
          squares += value * value;
        }
      }
      rows += bags.tokens(i);
    }
    for (int d = 0; d < width; d++) {
      mean[d] /= rows;
    }
    for (int i = 0; i < bags.count(); i++) {
      bags.copy(i, tokens);
      for (int t = 0; t < bags.tokens(i); t++) {
        for (int d = 0; d < width; d++) {
          double distance = tokens[t * width + d] - mean[d];
          deviation[d] += distance * distance;
        }
      }
    }
    double size = squares == 0 ? 1 : Math.sqrt(squares / rows / width);
    for (int d = 0; d < width; d++) {
      deviation[d] = Math.max(Math.sqrt(deviation[d] / rows), LEAST_DEVIATION * size);
    }
  }

  /** Standardises tokens where they are, {@code [count, width]}. */
  void apply(float[] tokens, int count) {
    for (int t = 0, at = 0; t < count; t++) {
      for (int d = 0; d < mean.length; d++, at++) {
        tokens[at] = (float) ((tokens[at] - mean[d]) / deviation[d]);
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
