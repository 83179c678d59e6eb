package io.innerspan.workbench.learn;

import de.bwaldvogel.liblinear.SolverType;
import org.jspecify.annotations.Nullable;

/** Learns linear probes on dense rows; prepared once, fitted for several strengths. */
public final class ProbeLearner {
  private final float[][] rows;
  private final boolean[] positive;
  private final boolean balanced;
  private final Standardizer standardizer;
  private @Nullable LogisticRegression regression;
  private @Nullable Discriminant discriminant;

  /**
   * @param rows activations, {@code [n][width]}
   * @param positive labels; both occur
   */
  public ProbeLearner(float[][] rows, boolean[] positive) {
    this(rows, positive, false);
  }

  /**
   * @param rows activations, {@code [n][width]}, which must not change
   * @param positive labels; both occur
   * @param balanced whether logistic regression weighs both labels' rows the same in sum
   */
  public ProbeLearner(float[][] rows, boolean[] positive, boolean balanced) {
    this.rows = rows.clone();
    this.positive = positive.clone();
    this.balanced = balanced;
    standardizer = new Standardizer(rows);
  }

  /**
   * Learns, with what is learnt on standardised activations folded into weight and bias.
   *
   * @param strength of the learner's own kind
   */
  public LinearModel fit(Learner learner, double strength) {
    return switch (learner) {
      case DIFFERENCE_OF_MEANS -> differenceOfMeans(rows, positive);
      case LDA -> standardizer.fold(discriminant().fit(strength));
      case LOGISTIC -> standardizer.fold(regression().fit(SolverType.L2R_LR, strength, balanced));
      case LOGISTIC_L1 ->
          standardizer.fold(regression().fit(SolverType.L1R_LR, strength, balanced));
      case MLP, ATTENTION, MULTIMAX, ROLLING_ATTENTION ->
          throw new IllegalArgumentException(learner + " gives no direction");
    };
  }

  private LogisticRegression regression() {
    if (regression == null) {
      regression = LogisticRegression.dense(standardizer.apply(rows), positive);
    }
    return regression;
  }

  private Discriminant discriminant() {
    if (discriminant == null) {
      discriminant = new Discriminant(standardizer.apply(rows), positive);
    }
    return discriminant;
  }

  /**
   * Logistic regression on standardised activations, the scaler folded into weight and bias.
   *
   * @param c the weight of the loss against ½‖w‖²
   */
  public LinearModel fit(double c) {
    return fit(Learner.LOGISTIC, c);
  }

  /**
   * The model on raw activations that equals one on activations standardised by these rows.
   *
   * @param rows activations, {@code [n][width]}
   */
  public static LinearModel onStandardised(float[][] rows, LinearModel model) {
    return new Standardizer(rows).fold(model);
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
