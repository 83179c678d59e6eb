package io.innerspan.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PairedRoundTest {
  @Test
  void ratio_isOfMedians() {
    PairedRound round = new PairedRound(new double[] {11, 12, 90}, new double[] {10, 8, 12, 10});
    assertThat(round.ratio()).isCloseTo(1.2, within(1e-12));
    assertThat(round.difference()).isCloseTo(2, within(1e-12));
  }

  @Test
  void medianRatio_whenTheMachineBecomesTwiceAsSlow_staysTheSame() {
    List<PairedRound> rounds = new ArrayList<>();
    Random random = new Random(5);
    for (int i = 0; i < 400; i++) {
      double speed = i < 200 ? 100 : 200;
      rounds.add(new PairedRound(noisy(speed * 1.03, 5, random), noisy(speed, 10, random)));
    }
    assertThat(PairedRound.medianRatio(rounds)).isCloseTo(1.03, within(0.002));
  }

  @Test
  void percentileRatio_isOverAllRounds() {
    List<PairedRound> rounds =
        List.of(
            new PairedRound(new double[] {1, 2}, new double[] {1, 1}),
            new PairedRound(new double[] {3, 4}, new double[] {1, 2}));
    assertThat(PairedRound.percentileRatio(rounds, 100)).isEqualTo(2);
    assertThat(PairedRound.percentileRatio(rounds, 50)).isEqualTo(2.5);
  }

  private static double[] noisy(double mean, int count, Random random) {
    return random.doubles(count, 0.98 * mean, 1.02 * mean).toArray();
  }
}
