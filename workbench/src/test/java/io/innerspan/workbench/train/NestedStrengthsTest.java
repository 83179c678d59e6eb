package io.innerspan.workbench.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Pooling;
import io.innerspan.workbench.data.LabelledText;
import io.innerspan.workbench.learn.Learner;
import io.innerspan.workbench.learn.LinearModel;
import io.innerspan.workbench.model.TokenIds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The choice of strengths without the held-out fold. In all folds but one the label is in the
 * difference of two numbers that share a great noise: only what is hardly regularised finds that,
 * and ranks every row right. In the odd fold the first number alone says the label, and the
 * difference says the opposite.
 */
class NestedStrengthsTest {
  private static final int ROWS = 240;
  private static final int ODD = 0;
  private static final double LEAST = 1;

  /**
   * With three folds, the strength that is best in all rows is another than without the odd one.
   */
  @Test
  void oddFold_hasNoSayInItsOwnChoice() {
    LearnOptions options = options(3);
    PartData rows = rows();
    int[] fold = options.foldsOf(rows);
    float[][] means = means(rows, fold, ODD);

    assertThat(strengthOnAllRows(rows, means, options)).isLessThan(LEAST);
    double[] chosen = new NestedStrengths(rows, fold, options).of(Learner.LOGISTIC, means);
    assertThat(chosen[ODD]).isEqualTo(LEAST);
    // The others learn from it, so that theirs is another.
    assertThat(chosen[1]).isLessThan(LEAST);
    assertThat(chosen[2]).isLessThan(LEAST);
  }

  /** What picks a fold's tokens is the same whatever the fold's own activations are. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6, 12})
  void pickers_ofAFold_doNotDependOnItsRows(int folds) {
    LearnOptions options = options(folds);
    PartData train = rows(0, ROWS / 2);
    PartData validation = rows(ROWS / 2, ROWS);
    PartData both = train.and(validation);
    int[] fold = options.foldsOf(both);
    float[][] means = means(both, fold, -1);
    float[][] others = means(both, fold, ODD);
    // Both have a say: the strengths that are best in all rows differ, where a fold is large.
    if (folds <= 3) {
      assertThat(strengthOnAllRows(both, others, options))
          .isNotEqualTo(strengthOnAllRows(both, means, options));
    }
    assertThat(picker(train, validation, others, options))
        .isEqualTo(picker(train, validation, means, options));
  }

  /** Of the lesson that the odd fold judges. */
  private static List<Double> picker(
      PartData train, PartData validation, float[][] means, LearnOptions options) {
    Lessons lessons = new Lessons(train, validation, List.<float[][]>of(means), options);
    Judged any = Judged.once(new double[] {1, 0}, new boolean[] {true, false});
    Candidate first =
        Candidate.of(
            new HookPoint("blocks.0.hook_resid_post"),
            Pooling.MEAN,
            Learner.LOGISTIC,
            1e-4,
            new LinearModel(new double[2], 0),
            true,
            any);
    Lesson lesson = lessons.of(Learner.LOGISTIC, List.of(first)).get(1 + ODD);
    assertThat(lesson.judged()).hasSizeGreaterThan(ROWS / options.folds() - 2);
    LinearModel picker = lesson.pickers().get(0);
    List<Double> numbers = new ArrayList<>(Arrays.stream(picker.weight()).boxed().toList());
    numbers.add(picker.bias());
    return numbers;
  }

  /** A label that only one of the other folds has leaves nothing to choose by, and is no fault. */
  @Test
  void labelOfOneFold_isNoFault() {
    LearnOptions options = options(3);
    PartData rows = rows();
    int[] fold = new int[ROWS];
    for (int row = 0; row < ROWS; row++) {
      fold[row] = rows.positive()[row] ? row % 4 == 0 ? 0 : 1 : 2;
    }
    double[] chosen =
        new NestedStrengths(rows, fold, options).of(Learner.LOGISTIC, means(rows, fold, -1));
    assertThat(chosen).hasSize(3).doesNotContain(Double.NaN);
  }

  private static double strengthOnAllRows(PartData rows, float[][] means, LearnOptions options) {
    int half = ROWS / 2;
    PartData train = rows(0, half);
    PartData validation = rows(half, ROWS);
    List<Candidate> candidates =
        new PooledSearch(train, validation, options)
            .candidates(
                new HookPoint("blocks.0.hook_resid_post"),
                Pooling.MEAN,
                Learner.LOGISTIC,
                Arrays.copyOfRange(means, 0, half),
                Arrays.copyOfRange(means, half, ROWS));
    assertThat(rows.size()).isEqualTo(ROWS);
    return Collections.min(candidates, Candidate.BEST_FIRST).c();
  }

  private static LearnOptions options(int folds) {
    return new LearnOptions(List.of(Learner.LOGISTIC), false, folds, false);
  }

  /** By row; the odd fold's are others. */
  private static float[][] means(PartData rows, int[] fold, int odd) {
    Random random = new Random(3);
    boolean[] positive = rows.positive();
    return IntStream.range(0, rows.size())
        .mapToObj(
            row -> {
              double sign = positive[row] ? 1 : -1;
              double noise = 4 * random.nextGaussian();
              return fold[row] == odd
                  ? new float[] {(float) (9 * sign), (float) (12 * sign)}
                  : new float[] {(float) (sign + noise), (float) noise};
            })
        .toArray(float[][]::new);
  }

  private static PartData rows() {
    return rows(0, ROWS);
  }

  /** Every other one positive, each a group of its own. */
  private static PartData rows(int from, int to) {
    List<LabelledText> rows = new ArrayList<>();
    List<TokenIds> tokens = new ArrayList<>();
    for (int row = from; row < to; row++) {
      boolean positive = row % 2 == 0;
      rows.add(new LabelledText(row + 1, "t" + row, positive ? "yes" : "no", positive, "g" + row));
      tokens.add(
          new TokenIds(new long[] {row}, new long[1], new boolean[1], new int[1], new int[1]));
    }
    return new PartData(rows, tokens);
  }
}
