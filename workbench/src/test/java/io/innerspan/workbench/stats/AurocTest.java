package io.innerspan.workbench.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AurocTest {
  @Test
  void of_tieBetweenLabels_countsHalf() {
    // Positives {.9, .4} against negatives {.4, .1}: 3 wins and a tie of 4 pairs.
    double auroc =
        Auroc.of(new double[] {.9, .4, .4, .1}, new boolean[] {true, true, false, false});
    assertThat(auroc).isEqualTo(.875);
  }

  @Test
  void of_separatedEitherWay_isOneOrZero() {
    boolean[] labels = {false, false, true};
    assertThat(Auroc.of(new double[] {-3, -2, -1}, labels)).isEqualTo(1);
    assertThat(Auroc.of(new double[] {-1, -2, -3}, labels)).isZero();
  }

  @Test
  void of_oneLabelOnly_isNotANumber() {
    assertThat(Auroc.of(new double[] {1, 2}, new boolean[] {true, true})).isNaN();
  }

  @Test
  void new_labelsOfAnotherLength_refused() {
    assertThatThrownBy(() -> new Auroc(new double[2], new boolean[3]))
        .hasMessageContaining("(2), found 3");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void weighted_randomRows_equalsCountingPairsOfRepeatedRows(long seed) {
    Random random = new Random(seed);
    int n = 40;
    double[] scores = random.ints(n, 0, 8).asDoubleStream().toArray();
    int[] times = random.ints(n, 0, 4).toArray();
    boolean[] positive = new boolean[n];
    for (int i = 0; i < n; i++) {
      positive[i] = random.nextBoolean();
    }
    double wins = 0;
    double pairs = 0;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        if (positive[i] && !positive[j]) {
          double weight = (double) times[i] * times[j];
          pairs += weight;
          wins += weight * (Math.signum(scores[i] - scores[j]) + 1) / 2;
        }
      }
    }
    assertThat(new Auroc(scores, positive).weighted(times)).isEqualTo(wins / pairs, within(1e-12));
    int[] once = new int[n];
    Arrays.fill(once, 1);
    assertThat(new Auroc(scores, positive).weighted(once)).isEqualTo(Auroc.of(scores, positive));
  }
}
