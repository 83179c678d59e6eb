package io.innerspan.workbench.train;

import io.innerspan.workbench.data.Folds;
import io.innerspan.workbench.learn.Learner;
import io.innerspan.workbench.learn.LinearModel;
import io.innerspan.workbench.learn.ProbeLearner;
import io.innerspan.workbench.learn.SideBySide;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * How strongly what picks tokens is regularised, chosen for each fold by rows of other folds alone:
 * crosswise over blocks of folds, as candidates are ranked.
 *
 * <p>A block is a fold; of more than five folds there are five blocks, and a fold's choice is made
 * by the rows outside of its block; of two folds each has two blocks. What is learnt without two
 * blocks judges either for the choice of the other, so that there are at most ten to learn for each
 * strength, however many folds there are.
 */
final class NestedStrengths {
  private static final int MOST_BLOCKS = 5;
  private static final long HALVES_SEED = 2;

  private final boolean[] positive;
  private final boolean balanced;
  private final int[] block;

  /** By fold, the bits of its blocks. */
  private final int[] own;

  /**
   * @param fold by row
   */
  NestedStrengths(PartData rows, int[] fold, LearnOptions options) {
    this.positive = rows.positive();
    this.balanced = options.balanced();
    int folds = options.folds();
    int blocks = Math.min(folds, MOST_BLOCKS);
    this.own = new int[folds];
    if (folds == 2) {
      block = halves(rows, fold);
      own[0] = 0b0011;
      own[1] = 0b1100;
    } else {
      block = IntStream.of(fold).map(number -> number % blocks).toArray();
      for (int f = 0; f < folds; f++) {
        own[f] = 1 << (f % blocks);
      }
    }
  }

  private static int[] halves(PartData rows, int[] fold) {
    int[] block = new int[fold.length];
    for (int f = 0; f < 2; f++) {
      int number = f;
      int[] its = rows(fold.length, row -> fold[row] == number);
      List<String> groups = IntStream.of(its).mapToObj(rows.groups()::get).toList();
      int[] half = Folds.of(groups, labels(rows.positive(), its), 2, HALVES_SEED);
      for (int i = 0; i < its.length; i++) {
        block[its[i]] = 2 * f + half[i];
      }
    }
    return block;
  }

  /**
   * Chooses.
   *
   * @param means by row, the mean activation at a place
   * @return by fold
   */
  double[] of(Learner learner, float[][] means) {
    List<Integer> without = new ArrayList<>(withouts());
    List<Supplier<double @Nullable [][]>> work = new ArrayList<>();
    for (int blocks : without) {
      work.add(() -> logits(learner, means, blocks));
    }
    Map<Integer, double[][]> logits = new HashMap<>();
    List<double @Nullable [][]> found = SideBySide.all(work);
    for (int i = 0; i < found.size(); i++) {
      double[][] its = found.get(i);
      if (its != null) {
        logits.put(without.get(i), its);
      }
    }
    double[] strengths = learner.strengths();
    double[] chosen = new double[own.length];
    for (int f = 0; f < chosen.length; f++) {
      chosen[f] = strengths[best(own[f], logits, strengths.length)];
    }
    return chosen;
  }

  /** The sets of blocks to learn without: those of a fold and one more. */
  private Set<Integer> withouts() {
    Set<Integer> sets = new LinkedHashSet<>();
    for (int its : own) {
      for (int other : block) {
        if (!holds(its, other)) {
          sets.add(its | 1 << other);
        }
      }
    }
    return sets;
  }

  /**
   * By strength and row, what was learnt without some blocks says of their rows; null where it
   * would see one label only.
   */
  private double @Nullable [][] logits(Learner learner, float[][] means, int without) {
    int[] seen = rows(block.length, row -> !holds(without, block[row]));
    boolean[] labels = labels(positive, seen);
    int positives = (int) IntStream.of(seen).filter(row -> positive[row]).count();
    if (positives == 0 || positives == seen.length) {
      return null;
    }
    float[][] learnt = IntStream.of(seen).mapToObj(row -> means[row]).toArray(float[][]::new);
    ProbeLearner probes = new ProbeLearner(learnt, labels, balanced);
    double[] strengths = learner.strengths();
    double[][] logits = new double[strengths.length][block.length];
    for (int s = 0; s < strengths.length; s++) {
      LinearModel model = probes.fit(learner, strengths[s]);
      for (int row : rows(block.length, row -> holds(without, block[row]))) {
        logits[s][row] = model.logit(means[row]);
      }
    }
    return logits;
  }

  /**
   * The strength that ranks the rows outside of a fold's blocks best, as candidates are ranked.
   *
   * @param logits by the blocks that were left out
   */
  private int best(int its, Map<Integer, double[][]> logits, int strengths) {
    List<Integer> rows = new ArrayList<>();
    List<double[][]> said = new ArrayList<>();
    for (int row = 0; row < block.length; row++) {
      double[][] found = holds(its, block[row]) ? null : logits.get(its | 1 << block[row]);
      if (found != null) {
        rows.add(row);
        said.add(found);
      }
    }
    int[] judged = rows.stream().mapToInt(Integer::intValue).toArray();
    int[] blocks = IntStream.of(judged).map(row -> block[row]).toArray();
    List<Judged> byStrength = new ArrayList<>();
    for (int s = 0; s < strengths; s++) {
      double[] values = new double[judged.length];
      for (int i = 0; i < values.length; i++) {
        values[i] = said.get(i)[s][judged[i]];
      }
      byStrength.add(Judged.crosswise(values, labels(positive, judged), blocks));
    }
    return IntStream.range(0, strengths)
        .boxed()
        .min(Comparator.comparing(byStrength::get, Judged.BEST_FIRST))
        .orElseThrow();
  }

  private static boolean holds(int blocks, int number) {
    return (blocks >> number & 1) == 1;
  }

  private static int[] rows(int count, IntPredicate which) {
    return IntStream.range(0, count).filter(which).toArray();
  }

  private static boolean[] labels(boolean[] positive, int[] rows) {
    boolean[] labels = new boolean[rows.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = positive[rows[i]];
    }
    return labels;
  }
}
