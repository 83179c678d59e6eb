package io.innerspan.workbench.train;

import io.innerspan.signals.Pooling;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Folds;
import io.innerspan.workbench.learn.Learner;
import java.util.List;

/**
 * How probes are learnt and chosen.
 *
 * @param learners at least one, tried in this order
 * @param places where activations are read
 * @param poolings at least one, of those that a learner can have; heads have their own
 * @param balanced whether logistic regression weighs both labels' rows the same in sum
 * @param folds 1 to choose on the validation part; more to choose crosswise over as many folds of
 *     the training and validation part together
 * @param keepDuplicates whether a text that repeats counts as often as it is there, and not once
 */
public record LearnOptions(
    List<Learner> learners,
    Places places,
    List<Pooling> poolings,
    boolean balanced,
    int folds,
    boolean keepDuplicates) {
  private static final long FOLDS_SEED = 1;

  /** L2 logistic regression, rows weighed alike, chosen on the validation part. */
  public static final LearnOptions DEFAULT =
      new LearnOptions(List.of(Learner.LOGISTIC), false, 1, false);

  public LearnOptions {
    learners = learners.stream().distinct().toList();
    poolings = poolings.stream().distinct().toList();
    if (learners.isEmpty() || poolings.isEmpty() || folds < 1) {
      throw new IllegalArgumentException(
          "expected at least one learner, pooling and fold, found "
              + List.of(learners, poolings, folds));
    }
  }

  /** At every layer's output, with the poolings that have no parameter. */
  public LearnOptions(List<Learner> learners, boolean balanced, int folds, boolean keepDuplicates) {
    this(learners, Places.DEFAULT, Pooling.PLAIN, balanced, folds, keepDuplicates);
  }

  /** The poolings that make one activation of a text's tokens. */
  List<Pooling> ofActivations() {
    return poolings.stream().filter(pooling -> pooling.kind().ofActivations()).toList();
  }

  /** The poolings that make one logit of the tokens' logits. */
  List<Pooling> ofLogits() {
    return poolings.stream().filter(pooling -> !pooling.kind().ofActivations()).toList();
  }

  /** The fold of each row, dealt alike for every candidate. */
  int[] foldsOf(PartData rows) {
    return Folds.of(rows.groups(), rows.positive(), folds, FOLDS_SEED);
  }

  /**
   * Refuses a learner that has none of the poolings.
   *
   * @throws BadInput that names the options of the command
   */
  void check() {
    for (Learner learner : learners) {
      boolean any =
          learner.hasHeads()
              || !ofActivations().isEmpty()
              || (learner.isLogistic() && !ofLogits().isEmpty());
      if (!any) {
        throw new BadInput(
            "--pooling: expected mean, cls or last for --learner "
                + learner
                + ", found "
                + poolings);
      }
    }
  }

  /** The options of the command that are not the default, each after a blank. */
  String words() {
    StringBuilder words = new StringBuilder();
    if (!learners.equals(DEFAULT.learners())) {
      learners.forEach(learner -> words.append(" --learner ").append(learner.label()));
    }
    words.append(places.words());
    if (!poolings.equals(DEFAULT.poolings())) {
      poolings.forEach(pooling -> words.append(" --pooling ").append(PoolingName.of(pooling)));
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
