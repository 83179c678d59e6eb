package io.innerspan.workbench.learn;

/** Learns linear probes on dense rows; prepared once, fitted for several strengths. */
public final class ProbeLearner {
  private final Standardizer standardizer;
  private final LogisticRegression regression;

  /**
   * @param rows activations, {@code [n][width]}
   * @param positive labels; both occur
   */
  public ProbeLearner(float[][] rows, boolean[] positive) {
    standardizer = new Standardizer(rows);
    regression = LogisticRegression.dense(standardizer.apply(rows), positive);
  }

  /**
   * Logistic regression on standardised activations, the scaler folded into weight and bias.
   *
   * @param c the weight of the loss against ½‖w‖²
   */
  public LinearModel fit(double c) {
    return standardizer.fold(regression.fit(c));
  }

  /**
   * The difference of the class means as a direction, the offset midway between them.
   *
   * @param rows activations, {@code [n][width]}
   * @param positive labels; both occur
   */
  public static LinearModel differenceOfMeans(float[][] rows, boolean[] positive) {
    int width = rows[0].length;
    double[][] mean = new double[2][width];
    int[] count = new int[2];
    for (int i = 0; i < rows.length; i++) {
      int label = positive[i] ? 1 : 0;
      count[label]++;
      for (int d = 0; d < width; d++) {
        mean[label][d] += rows[i][d];
      }
    }
    double[] weight = new double[width];
    double bias = 0;
    for (int d = 0; d < width; d++) {
      double other = mean[0][d] / count[0];
      double positives = mean[1][d] / count[1];
      weight[d] = positives - other;
      bias -= weight[d] * (positives + other) / 2;
    }
    return new LinearModel(weight, bias);
  }
}
