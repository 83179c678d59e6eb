package io.innerspan.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplesTest {
  @Test
  void median_ofOddAndEvenCounts_isMiddleOrMeanOfTheMiddleTwo() {
    assertThat(Samples.median(new double[] {9, 1, 5})).isEqualTo(5);
    assertThat(Samples.median(new double[] {4, 1, 3, 2})).isEqualTo(2.5);
    assertThat(Samples.median(new double[] {7})).isEqualTo(7);
  }

  @Test
  void percentile_betweenRanks_isLinear() {
    double[] oneToHundred = IntStream.rangeClosed(1, 100).mapToDouble(i -> i).toArray();
    // R: quantile(1:100, 0.99) is 99.01.
    assertThat(Samples.percentile(oneToHundred, 99)).isCloseTo(99.01, within(1e-9));
    assertThat(Samples.percentile(oneToHundred, 0)).isEqualTo(1);
    assertThat(Samples.percentile(oneToHundred, 100)).isEqualTo(100);
  }

  @Test
  void percentile_ofUnsortedValues_leavesThemAsTheyAre() {
    double[] values = {3, 1, 2};
    Samples.percentile(values, 50);
    assertThat(values).containsExactly(3, 1, 2);
  }

  @Test
  void percentile_ofNothingOrOutOfRange_isRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> Samples.median(new double[0]));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Samples.percentile(new double[] {1}, 101));
  }

  @Test
  void concat_keepsOrder() {
    assertThat(Samples.concat(List.of(new double[] {2, 1}, new double[] {3})))
        .containsExactly(2, 1, 3);
  }
}
