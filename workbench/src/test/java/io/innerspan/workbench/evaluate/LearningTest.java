package io.innerspan.workbench.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.workbench.data.LabelledText;
import io.innerspan.workbench.stats.Auroc;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What is learnt from what, of rows that are given. */
class LearningTest {
  @Test
  void comparable_modelsWithTheirOwnOffset_loseNothing() {
    Sample test = sample(200, i -> "g" + i, i -> 0);
    Learning learning = Learning.crosswise(test, 1);
    Random offset = new Random(1);

    double[] scores =
        learning.scores(
            (train, held, seed) -> {
              double its = 10 * offset.nextDouble();
              boolean[] positive = held.positive();
              double[] right = new double[held.size()];
              for (int i = 0; i < right.length; i++) {
                right[i] = its + (positive[i] ? 1 : 0);
              }
              return right;
            });

    assertThat(Auroc.of(scores, test.positive())).isLessThan(.9);
    assertThat(Auroc.of(learning.comparable(scores), test.positive())).isEqualTo(1);
    Learning once = Learning.from(test, test, 1);
    assertThat(once.comparable(scores)).isSameAs(scores);
  }

  @Test
  void draws_areMeans() {
    Sample test = sample(300, i -> "g" + i, i -> 0);
    Learning learning = Learning.crosswise(test, 1);
    int[] once = new int[300];
    Arrays.fill(once, 1);

    Draws random = Draws.of(ActivationBaseline.RANDOM_DIRECTION, learning, test.positive());
    Draws means = Draws.of(ActivationBaseline.DIFFERENCE_OF_MEANS, learning, test.positive());

    assertThat(random.aurocs()).hasSize(5).doesNotHaveDuplicates();
    double mean = random.aurocs().stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    assertThat(random.auroc(once)).isCloseTo(mean, within(1e-12));
    double median = random.aurocs().stream().sorted().toList().get(2);
    assertThat(Auroc.of(random.middle(), test.positive())).isEqualTo(median);
    assertThat(means.aurocs()).hasSize(1);
  }

  @Test
  void crossSource_groupsOfTheTestedSource_teachNothing() {
    // Each group has a row in either source; or half of them have.
    for (int shared : new int[] {100, 50}) {
      Sample test = sample(200, i -> i % 100 < shared ? "g" + i % 100 : "own" + i, i -> i / 100);
      TreeMap<String, List<Integer>> sources = new TreeMap<>();
      for (int i = 0; i < 200; i++) {
        sources.computeIfAbsent("source " + i / 100, any -> new ArrayList<>()).add(i);
      }

      List<CrossSource.Source> found = CrossSource.of(test, sources, 1);

      assertThat(found).hasSize(2);
      for (CrossSource.Source source : found) {
        assertThat(source.taught()).isEqualTo(100 - shared);
        assertThat(source.probe().value()).isBetween(source.probe().low(), source.probe().high());
        assertThat(source.refit() == null).isEqualTo(shared == 100);
        if (shared < 100) {
          assertThat(source.baselines().get("length").low()).isLessThan(1);
          double best = source.baselines().get(source.best()).value();
          assertThat(source.baselines().values()).allMatch(each -> each.value() <= best);
          assertThat(source.difference().value())
              .isEqualTo(source.probe().value() - best, within(1e-12));
        }
      }
    }
  }

  private interface Of<T> {
    T row(int row);
  }

  /** Rows of noise, every other one positive. */
  private static Sample sample(int rows, Of<String> group, Of<Integer> source) {
    Random random = new Random(7);
    List<LabelledText> texts = new ArrayList<>();
    int[] tokens = new int[rows];
    float[][] pooled = new float[rows][6];
    double[] logits = new double[rows];
    for (int i = 0; i < rows; i++) {
      boolean positive = i % 2 == 0;
      String text = "text " + i + " of source " + source.row(i) + " word" + random.nextInt(20);
      texts.add(new LabelledText(i + 1, text, positive ? "yes" : "no", positive, group.row(i)));
      tokens[i] = 5;
      for (int d = 0; d < 6; d++) {
        pooled[i][d] = (float) random.nextGaussian() + (positive ? .2f : 0);
      }
      logits[i] = random.nextGaussian() + (positive ? 1 : 0);
    }
    return new Sample(texts, tokens, pooled, logits, null);
  }
}
