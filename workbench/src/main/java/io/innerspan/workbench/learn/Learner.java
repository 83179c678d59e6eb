package io.innerspan.workbench.learn;

import java.util.Locale;

/** How a probe is learnt, and the strengths to choose from. */
public enum Learner {
  /** L2-regularised logistic regression; the strength is the weight of the loss against ½‖w‖². */
  LOGISTIC(
      "L2 logistic regression (LIBLINEAR) on standardised activations", 1e-4, 1e-3, 1e-2, 1e-1, 1),
  /** L1-regularised logistic regression; the strength is the weight of the loss against ‖w‖₁. */
  LOGISTIC_L1(
      "L1 logistic regression (LIBLINEAR) on standardised activations", 1e-3, 1e-2, 1e-1, 1),
  /** The difference of the class means, which has no strength. */
  DIFFERENCE_OF_MEANS("difference of means", Double.NaN),
  /**
   * Fisher's linear discriminant on standardised activations; the strength is the share of the
   * identity in the shrunken covariance.
   */
  LDA("linear discriminant (EJML) on standardised activations", 0.01, 0.1, 0.5),
  /** A linear readout of ReLU units of each token; the strength is the weight of ½‖w‖². */
  MLP(
      "MLP of "
          + BagLearner.HIDDEN
          + " ReLU units for each token (Adam) on standardised activations",
      1e-4,
      1e-2),
  /** Heads that attend to tokens; the strength is the weight of ½‖w‖². */
  ATTENTION(
      "attention of " + BagLearner.HEADS + " heads to tokens (Adam) on standardised activations",
      1e-4,
      1e-2),
  /** Heads that each take their greatest value; the strength is the weight of ½‖w‖². */
  MULTIMAX(
      "greatest values of "
          + BagLearner.HEADS
          + " heads over tokens (Adam) on standardised activations",
      1e-4,
      1e-2),
  /** Attention within the best of all windows; the strength is the weight of ½‖w‖². */
  ROLLING_ATTENTION(
      "attention of "
          + BagLearner.HEADS
          + " heads within "
          + BagLearner.WINDOW
          + " tokens (Adam) on standardised activations",
      1e-4,
      1e-2);

  private final String title;
  private final double[] strengths;

  Learner(String title, double... strengths) {
    this.title = title;
    this.strengths = strengths;
  }

  /** The name on the command line. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The name for people. */
  public String title() {
    return title;
  }

  /** What to choose from; NaN where there is nothing to choose. */
  public double[] strengths() {
    return strengths.clone();
  }

  /** What the strength is called. */
  public String strengthName() {
    return switch (this) {
      case LDA -> "shrinkage";
      case MLP, ATTENTION, MULTIMAX, ROLLING_ATTENTION -> "weight decay";
      default -> "C";
    };
  }

  /** Whether it gives one direction, and not a network. */
  public boolean isLinear() {
    return this != MLP && !hasHeads();
  }

  /** Whether it learns heads, which say themselves how tokens become one value. */
  public boolean hasHeads() {
    return this == ATTENTION || this == MULTIMAX || this == ROLLING_ATTENTION;
  }

  /** Whether it weighs rows, so that labels can be balanced. */
  public boolean weighsRows() {
    return isLogistic() || !isLinear();
  }

  /** Whether it is a logistic regression. */
  public boolean isLogistic() {
    return this == LOGISTIC || this == LOGISTIC_L1;
  }

  @Override
  public String toString() {
    return label();
  }
}
