package io.innerspan.workbench.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ConformalThresholdTest {
  @Test
  void of_99BenignScoresAt5Percent_isThe95th() {
    double[] scores = IntStream.rangeClosed(1, 99).mapToDouble(i -> 100 - i).toArray();

    ConformalThreshold threshold = ConformalThreshold.of(scores, .05);

    assertThat(threshold.edge()).isEqualTo(95);
    assertThat(threshold.exceeding()).isEqualTo(4);
    assertThat(threshold.upperBound()).isEqualTo(Binomial.upperBound(4, 99, .95));
  }

  @Test
  void of_18BenignScoresAt5Percent_isRefused_and19IsTheGreatest() {
    double[] scores = IntStream.range(0, 19).mapToDouble(i -> i).toArray();
    assertThat(ConformalThreshold.of(scores, .05).edge()).isEqualTo(18);
    assertThatThrownBy(() -> ConformalThreshold.of(new double[18], .05))
        .hasMessageContaining("at least 19 benign scores, found 18");
    assertThat(ConformalThreshold.fewestUnits(.01)).isEqualTo(99);
    assertThat(ConformalThreshold.fewestUnits(.001)).isEqualTo(999);
    assertThat(ConformalThreshold.fewestUnits(.3)).isEqualTo(3);
  }

  /** (n + 1)·α is whole, so that a next score exceeds with a probability of exactly α. */
  @Test
  void of_manyDraws_theNextScoreExceedsAsOftenAsPromised() {
    int draws = 4000;
    double rate = .1;
    int exceeded = 0;
    Random random = new Random(1);
    for (int draw = 0; draw < draws; draw++) {
      double[] scores = new double[49];
      for (int i = 0; i < scores.length; i++) {
        scores[i] = Math.exp(random.nextGaussian());
      }
      double edge = ConformalThreshold.of(scores, rate).edge();
      exceeded += Math.exp(random.nextGaussian()) > edge ? 1 : 0;
    }
    // Clopper–Pearson's interval at 99.8 % holds the promise.
    assertThat(Binomial.upperBound(exceeded, draws, .999)).isGreaterThan(rate);
    assertThat(1 - Binomial.upperBound(draws - exceeded, draws, .999)).isLessThan(rate);
  }
}
