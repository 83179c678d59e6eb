package io.innerspan.workbench.train;

import io.innerspan.workbench.learn.Learner;
import java.util.List;

/**
 * How probes are learnt and chosen.
 *
 * @param learners at least one, tried in this order
 * @param balanced whether logistic regression weighs both labels' rows the same in sum
 * @param folds 1 to choose on the validation part; more to choose crosswise over as many folds of
 *     the training and validation part together
 * @param keepDuplicates whether a text that repeats counts as often as it is there, and not once
 */
public record LearnOptions(
    List<Learner> learners, boolean balanced, int folds, boolean keepDuplicates) {
  /** L2 logistic regression, rows weighed alike, chosen on the validation part. */
  public static final LearnOptions DEFAULT =
      new LearnOptions(List.of(Learner.LOGISTIC), false, 1, false);

  public LearnOptions {
    learners = learners.stream().distinct().toList();
    if (learners.isEmpty() || folds < 1) {
      throw new IllegalArgumentException(
          "expected at least one learner and fold, found " + learners + " and " + folds);
    }
  }

  /** The options of the command that are not the default, each after a blank. */
  String words() {
    StringBuilder words = new StringBuilder();
    if (!learners.equals(DEFAULT.learners())) {
      learners.forEach(learner -> words.append(" --learner ").append(learner.label()));
    }
    if (balanced) {
      words.append(" --class-weights balanced");
    }
    if (folds != 1) {
      words.append(" --folds ").append(folds);
    }
    if (keepDuplicates) {
      words.append(" --keep-duplicates");
    }
    return words.toString();
  }
}
