package io.innerspan.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

class BootstrapTest {
  private static final ToDoubleFunction<List<Double>> MEAN =
      values -> values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();

  @Test
  void estimate_ofEqualValues_hasNoWidth() {
    assertThat(Bootstrap.estimate(List.of(List.of(3.0, 3.0, 3.0)), MEAN))
        .isEqualTo(new Estimate(3, 3, 3));
  }

  @Test
  void estimate_ofAMean_hasTheIntervalOfTheNormalApproximation() {
    Random random = new Random(11);
    List<Double> values = random.doubles(900).boxed().toList();
    // Uniform values have standard deviation 1/√12: 1.96/√12/√900 to either side.
    Estimate estimate = Bootstrap.estimate(List.of(values), MEAN);
    assertThat(estimate.high() - estimate.value()).isCloseTo(0.0189, within(0.0025));
    assertThat(estimate.value() - estimate.low()).isCloseTo(0.0189, within(0.0025));
  }

  @Test
  void estimate_whenGenerationsDiffer_isAsWideAsTheirDifference() {
    List<Double> slow = List.of(2.0, 2.0, 2.0, 2.0);
    List<Double> fast = List.of(1.0, 1.0, 1.0, 1.0);
    assertThat(Bootstrap.estimate(List.of(slow, fast), MEAN)).isEqualTo(new Estimate(1.5, 1, 2));
  }

  @Test
  void estimate_of95Percent_coversTheTruthAboutThatOften() {
    Random random = new Random(13);
    int covered = 0;
    int trials = 300;
    for (int trial = 0; trial < trials; trial++) {
      List<Double> values = random.doubles(40).boxed().toList();
      Estimate estimate = Bootstrap.estimate(List.of(values), MEAN);
      covered += estimate.low() <= 0.5 && 0.5 <= estimate.high() ? 1 : 0;
    }
    // 0.95 ± 3 standard deviations of a binomial proportion, less a little for 40 values.
    assertThat((double) covered / trials).isBetween(0.90, 0.99);
  }

  @Test
  void estimate_ofTheSame_isTheSame() {
    List<Double> values = List.of(1.0, 5.0, 2.0, 9.0);
    assertThat(Bootstrap.estimate(List.of(values), MEAN))
        .isEqualTo(Bootstrap.estimate(List.of(values), MEAN));
  }
}
