package io.innerspan.workbench.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.junit.jupiter.api.Test;

class FoldScoresTest {
  @Test
  void comparable_isTheShareOfTheFoldsOtherRowsBelow() {
    double[] scores = {5, 1, 3, 3, 105, 101, 103};
    boolean[] positive = {true, false, false, true, true, false, false};
    int[] fold = {0, 0, 0, 0, 1, 1, 1};

    // Above both; the lower and the upper of two; a tie with the upper; likewise in the other fold.
    assertThat(FoldScores.comparable(scores, positive, fold))
        .containsExactly(1, .25, .75, .75, 1, .25, .75);
  }

  @Test
  void comparable_modelsWithOffsetsThatRankRight_haveAuroc1() {
    // Each fold is ranked right, with its own offset, scale and share of positive rows.
    Random random = new Random(1);
    int n = 500;
    double[] scores = new double[n];
    boolean[] positive = new boolean[n];
    int[] fold = new int[n];
    for (int i = 0; i < n; i++) {
      fold[i] = i % 5;
      positive[i] = random.nextInt(6) < fold[i] + 1;
      double right = (positive[i] ? 1 : 0) + .9 * random.nextDouble();
      scores[i] = 3 * fold[i] + right * (fold[i] + 1);
    }

    assertThat(Auroc.of(scores, positive)).isLessThan(.95);
    assertThat(Auroc.of(FoldScores.comparable(scores, positive, fold), positive)).isEqualTo(1);
  }

  @Test
  void comparable_offsetsOfModels_costNothing() {
    Random random = new Random(2);
    int n = 5000;
    double[] raw = new double[n];
    double[] shifted = new double[n];
    boolean[] positive = new boolean[n];
    int[] fold = new int[n];
    for (int i = 0; i < n; i++) {
      fold[i] = i % 5;
      positive[i] = random.nextBoolean();
      raw[i] = random.nextGaussian() + (positive[i] ? 1 : 0);
      shifted[i] = raw[i] * (1 + fold[i]) + 2 * fold[i];
    }
    double[] comparable = FoldScores.comparable(shifted, positive, fold);

    assertThat(comparable).isEqualTo(FoldScores.comparable(raw, positive, fold));
    assertThat(Auroc.of(comparable, positive)).isCloseTo(Auroc.of(raw, positive), within(.005));
    assertThat(Auroc.of(shifted, positive)).isLessThan(Auroc.of(raw, positive) - .05);
  }

  @Test
  void comparable_foldOfPositiveRowsOnly_leavesTheScores() {
    double[] scores = {1, 2, 3};

    assertThat(
            FoldScores.comparable(scores, new boolean[] {true, false, true}, new int[] {0, 0, 1}))
        .containsExactly(1, 2, 3);
  }
}
