package io.innerspan.workbench.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CertifiedThresholdTest {
  @Test
  void of_299Units_liesJustAboveTheGreatest() {
    CertifiedThreshold threshold = CertifiedThreshold.of(ascending(299), .01);
    assertThat(threshold.logit()).isEqualTo(298 + 298e-5, within(1e-9));
    assertThat(threshold.exceeding()).isZero();
    assertThat(threshold.upperBound()).isLessThanOrEqualTo(.01);
  }

  @Test
  void of_298Units_certifiesNothingAndSaysTheBoundThatTheyDo() {
    CertifiedThreshold threshold = CertifiedThreshold.of(ascending(298), .01);
    assertThat(threshold.logit()).isNull();
    assertThat(threshold.upperBound()).isEqualTo(1 - Math.pow(.05, 1.0 / 298), within(1e-12));
    assertThat(CertifiedThreshold.fewestUnits(.01)).isEqualTo(299);
    assertThat(CertifiedThreshold.fewestUnits(.001)).isEqualTo(2995);
  }

  @Test
  void of_473Units_letsOneExceed() {
    CertifiedThreshold threshold = CertifiedThreshold.of(ascending(473), .01);
    assertThat(threshold.exceeding()).isEqualTo(1);
    assertThat(threshold.logit()).isGreaterThan(471).isLessThan(472);
  }

  @Test
  void of_manyTiesAtTheEdge_allStayBelow() {
    double[] logits = new double[400];
    Arrays.fill(logits, -2);
    CertifiedThreshold threshold = CertifiedThreshold.of(logits, .01);
    assertThat(threshold.logit()).isGreaterThan(-2).isLessThan(-1.9);
  }

  @Test
  void of_noUnits_certifiesOnlyThatRatesAreAtMostOne() {
    assertThat(CertifiedThreshold.of(new double[0], .01).upperBound()).isEqualTo(1);
  }

  @Test
  void of_uniformScores_trueRateExceedsTheTargetInFewerThanOneOfTwenty() {
    // For U(0,1) units the true rate over t is 1 − t: the guarantee can be counted.
    Random random = new Random(7);
    int misses = 0;
    int draws = 2000;
    for (int draw = 0; draw < draws; draw++) {
      CertifiedThreshold threshold = CertifiedThreshold.of(random.doubles(500).toArray(), .01);
      misses += 1 - Objects.requireNonNull(threshold.logit()) > .01 ? 1 : 0;
    }
    // P(Bin(500, .01) ≤ 1) = .0398; five standard errors above it is .062.
    assertThat(misses).isBetween(30, 124);
  }

  private static double[] ascending(int n) {
    return IntStream.range(0, n).mapToDouble(i -> i).toArray();
  }
}
