package io.innerspan.workbench.sae;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.workbench.model.ReinsertionSession.Batch;
import io.innerspan.workbench.model.TokenIds;
import io.innerspan.workbench.stats.GroupBootstrap;
import io.innerspan.workbench.stats.Interval;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Probing by few features, and what is called loss, where the answer is known. */
class SparseProbingTest {
  @Test
  void probing_plantedFeature_isFoundAndTellsAll() {
    boolean[] labels = labels();
    float[][] train = noise(1);
    float[][] test = noise(2);
    for (int i = 0; i < labels.length; i++) {
      train[i][3] = labels[i] ? 9 : 0;
      test[i][3] = labels[i] ? 9 : 0;
    }
    SparseProbing probing = SparseProbing.of(train, labels, test, labels, true, null);
    assertThat(probing.best()).isEqualTo(3);
    assertThat(probing.auroc().keySet()).containsExactly(1, 2, 5);
    assertThat(probing.auroc().get(1).value()).isEqualTo(1);
    assertThat(probing.auroc().get(1).low()).as("not asked for").isNaN();
    assertThat(probing.all().value()).isEqualTo(1);
  }

  @Test
  void probing_labelsThatNothingTells_isChance() {
    SparseProbing probing =
        SparseProbing.of(
            noise(1), labels(), noise(2), labels(), false, new GroupBootstrap(names(), 1));
    Interval five = probing.auroc().get(5);
    assertThat(five.value()).isCloseTo(0.5, within(0.15)).isBetween(five.low(), five.high());
    assertThat(five.high() - five.low()).as("some 4 · .041").isBetween(0.1, 0.25);
    assertThat(probing.all().value()).isNaN();
  }

  @Test
  void above_featureThatOnlyTheFirstHas_isWhatItTellsMore_inPairedResamples() {
    boolean[] labels = labels();
    float[][] train = noise(1);
    float[][] test = noise(2);
    GroupBootstrap bootstrap = new GroupBootstrap(names(), 1);
    SparseProbing none = SparseProbing.of(train, labels, test, labels, false, bootstrap);
    for (int i = 0; i < labels.length; i++) {
      train[i][3] = labels[i] ? 9 : 0;
      test[i][3] = labels[i] ? 9 : 0;
    }
    SparseProbing all = SparseProbing.of(train, labels, test, labels, false, bootstrap);

    Interval above = SparseProbing.above(List.of(all), List.of(none), bootstrap).get(1);
    assertThat(above.value()).isEqualTo(1 - none.auroc().get(1).value());
    assertThat(above.low()).isPositive().isCloseTo(1 - none.auroc().get(1).high(), within(1e-12));
    // The same on both sides: no resample tells them apart.
    Interval same = SparseProbing.above(List.of(all, none), List.of(none, all), bootstrap).get(5);
    assertThat(same).isEqualTo(new Interval(0, 0, 0));
    Interval half = SparseProbing.above(List.of(all, none), List.of(none), bootstrap).get(1);
    assertThat(half.value()).isCloseTo(above.value() / 2, within(1e-12));
  }

  @Test
  void probing_columnsOfFewNumbers_isThatOfRows() {
    boolean[] labels = labels();
    float[][] train = sparse(3);
    float[][] test = sparse(4);
    SparseProbing dense = SparseProbing.of(train, labels, test, labels, false, null);
    SparseProbing columns = SparseProbing.of(columns(train), labels, columns(test), labels, null);
    assertThat(columns.best()).isEqualTo(dense.best());
    for (int k : new int[] {1, 2, 5}) {
      assertThat(columns.auroc().get(k).value()).isEqualTo(dense.auroc().get(k).value());
    }
    int[] some = {3, 4, 199};
    for (int f = 0; f < 8; f++) {
      float[] column = columns(train).at(some).column(f);
      for (int i = 0; i < some.length; i++) {
        assertThat(column[i]).isEqualTo(train[some[i]][f]);
      }
    }
  }

  private static float[][] sparse(long seed) {
    float[][] rows = noise(seed);
    for (float[] row : rows) {
      for (int f = 0; f < row.length; f++) {
        row[f] = Math.max(0, row[f] - 0.8f);
      }
    }
    return rows;
  }

  private static FeatureColumns columns(float[][] rows) {
    FeatureColumns.Builder builder = new FeatureColumns.Builder(rows[0].length);
    FeatureSums sums = new FeatureSums(rows[0].length);
    for (int i = 0; i < rows.length; i++) {
      for (int f = rows[i].length - 1; f >= 0; f--) {
        sums.add(f, rows[i][f] / 2);
        sums.add(f, rows[i][f] / 2);
      }
      sums.flush(i, 1, builder);
    }
    return builder.build(rows.length);
  }

  private static List<String> names() {
    return IntStream.range(0, 200).mapToObj(Integer::toString).toList();
  }

  @Test
  void loss_ofKnownLogits() {
    TokenIds ids =
        new TokenIds(new long[] {0, 1, 0}, new long[3], new boolean[3], new int[3], new int[3]);
    // Two answers; at the first token 3 to 1 for the second, at the second even, the last unused.
    float[] logits = {0, (float) Math.log(3), 1, 1, 0, 0};
    Batch batch = new Batch(List.of(ids), 3, new float[3], logits);
    OutputLoss entropy = new OutputLoss(LossRecovered.Measure.CROSS_ENTROPY, true, batch);
    assertThat(entropy.of(logits, 0)).isCloseTo((-Math.log(0.75) + Math.log(2)) / 2, within(1e-6));
    OutputLoss kl = new OutputLoss(LossRecovered.Measure.KL, true, batch);
    assertThat(kl.of(logits, 0)).isCloseTo(0, within(1e-9));
    float[] even = new float[6];
    double first = 0.75 * Math.log(0.75 / 0.5) + 0.25 * Math.log(0.25 / 0.5);
    assertThat(kl.of(even, 0)).isCloseTo(first / 3, within(1e-6));
    OutputLoss cosine =
        new OutputLoss(
            LossRecovered.Measure.COSINE,
            false,
            new Batch(List.of(ids), 3, new float[3], new float[] {3, 4}));
    assertThat(cosine.of(new float[] {6, 8}, 0)).isCloseTo(0, within(1e-9));
    assertThat(cosine.of(new float[] {-4, 3}, 0)).isCloseTo(1, within(1e-9));
  }

  private static boolean[] labels() {
    boolean[] labels = new boolean[200];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = i % 2 == 0;
    }
    return labels;
  }

  private static float[][] noise(long seed) {
    Random random = new Random(seed);
    float[][] rows = new float[200][8];
    for (float[] row : rows) {
      for (int d = 0; d < row.length; d++) {
        row[d] = (float) random.nextGaussian();
      }
    }
    return rows;
  }
}
