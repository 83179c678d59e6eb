package io.innerspan.workbench.learn;

/** Scores a text without a model: what a probe has to beat. */
@FunctionalInterface
public interface TextScorer {
  /** The raw logit; greater means more likely positive. */
  double logit(String text);
}
