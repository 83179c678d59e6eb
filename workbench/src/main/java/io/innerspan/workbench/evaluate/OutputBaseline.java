package io.innerspan.workbench.evaluate;

import io.innerspan.workbench.learn.ProbeLearner;

/**
 * What the model's own answer gives away: logistic regression on its confidence, its margin, its
 * entropy and, with few classes, the log probabilities.
 */
final class OutputBaseline implements Baseline {
  private static final double STRENGTH = 1;

  @Override
  public String key() {
    return "output_confidence";
  }

  @Override
  public String title() {
    return "the model's own output";
  }

  @Override
  public boolean applies(Sample sample) {
    return sample.outputs() != null;
  }

  @Override
  public double[] scores(Sample train, Sample test, long seed) {
    return new ProbeLearner(features(train), train.positive()).fit(STRENGTH).logits(features(test));
  }

  private static float[][] features(Sample sample) {
    float[][] outputs = sample.outputs();
    if (outputs == null) {
      throw new IllegalStateException("the model says no logits");
    }
    return outputs;
  }
}
