package io.innerspan.workbench.evaluate;

import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Folds;
import io.innerspan.workbench.stats.FoldScores;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Where what is learnt for comparison learns from, and how it comes to score every tested row
 * without having seen it: from a training file, or crosswise over folds of the tested rows.
 */
final class Learning {
  private static final int MOST_FOLDS = 5;

  private final @Nullable Sample train;
  private final Sample test;
  private final int[] fold;
  private final int folds;
  private final long seed;

  private Learning(@Nullable Sample train, Sample test, int[] fold, int folds, long seed) {
    this.train = train;
    this.test = test;
    this.fold = fold;
    this.folds = folds;
    this.seed = seed;
  }

  /** A way of learning one thing. */
  @FunctionalInterface
  interface Learner {
    double[] scores(Sample train, Sample test, long seed);
  }

  static Learning from(Sample train, Sample test, long seed) {
    return new Learning(train, test, new int[0], 0, seed);
  }

  /**
   * Crosswise over at most five folds of whole groups.
   *
   * @throws BadInput with too few groups of a label
   */
  static Learning crosswise(Sample test, long seed) {
    boolean[] positive = test.positive();
    long fewest =
        Math.min(
            Folds.groups(test.groups(), positive, true),
            Folds.groups(test.groups(), positive, false));
    int folds = (int) Math.min(MOST_FOLDS, fewest);
    int[] fold = folds < 2 ? new int[0] : Folds.of(test.groups(), positive, folds, seed);
    for (int f = 0; f < folds; f++) {
      Sample rest = test.at(rows(fold, f, false));
      if (rest.count(true) == 0 || rest.count(false) == 0) {
        folds = 0;
      }
    }
    if (folds < 2) {
      throw new BadInput(
          "without --train: expected at least 2 groups of positive and of other rows to learn the"
              + " baselines crosswise, found "
              + fewest);
    }
    return new Learning(null, test, fold, folds, seed);
  }

  /** The folds, or 0 with a training file. */
  int folds() {
    return folds;
  }

  /**
   * The same scores, so that those of models that learnt on different folds can be put in one
   * order.
   */
  double[] comparable(double[] scores) {
    return train == null ? FoldScores.comparable(scores, test.positive(), fold) : scores;
  }

  /** What the learner says of every tested row; raw, also of several models. */
  double[] scores(Learner learner) {
    if (train != null) {
      return learner.scores(train, test, seed);
    }
    double[] scores = new double[test.size()];
    for (int f = 0; f < folds; f++) {
      int[] held = rows(fold, f, true);
      double[] of = learner.scores(test.at(rows(fold, f, false)), test.at(held), seed);
      for (int i = 0; i < held.length; i++) {
        scores[held[i]] = of[i];
      }
    }
    return scores;
  }

  /** The baselines that can say something of these rows. */
  List<Baseline> applicable() {
    return Baselines.ALL.stream()
        .filter(baseline -> baseline.applies(test) && (train == null || baseline.applies(train)))
        .toList();
  }

  private static int[] rows(int[] fold, int number, boolean within) {
    return IntStream.range(0, fold.length).filter(row -> (fold[row] == number) == within).toArray();
  }
}
