package io.innerspan.signals.sketch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QuantileSketchTest {
  /** Masson, Rim, Lee: γ = 1.01 / 0.99, and 100 lies in bucket 231 with the middle 100.4946. */
  @Test
  void bucket_knownAnswer() {
    QuantileSketch sketch = new QuantileSketch(0.01);

    assertThat(sketch.bucket(100)).isEqualTo(231);
    assertThat(sketch.middle(231)).isCloseTo(100.4946, within(1e-3));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void quantile_ofAnyStream_isWithinTheRelativeError(long seed) {
    Random random = new Random(seed);
    QuantileSketch sketch = new QuantileSketch(0.01);
    double[] values = new double[10_000];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextGaussian() * Math.exp(5 * random.nextGaussian());
      sketch.add(values[i]);
    }
    Arrays.sort(values);

    for (double share : new double[] {0, 0.001, 0.1, 0.25, 0.5, 0.75, 0.9, 0.999, 1}) {
      double exact = values[(int) (share * (values.length - 1))];
      assertThat(sketch.quantile(share)).isCloseTo(exact, within(0.0101 * Math.abs(exact) + 1e-9));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {4, 5, 6})
  void merge_ofTwo_isTheOneThatSawBoth(long seed) {
    Random random = new Random(seed);
    QuantileSketch one = new QuantileSketch(0.02);
    QuantileSketch other = new QuantileSketch(0.02);
    QuantileSketch both = new QuantileSketch(0.02);
    for (int i = 0; i < 5_000; i++) {
      double value = random.nextGaussian() * Math.pow(10, random.nextInt(6) - 3);
      (i % 3 == 0 ? one : other).add(value);
      both.add(value);
    }

    one.merge(other);

    assertThat(one.count()).isEqualTo(both.count());
    for (int i = 0; i <= 100; i++) {
      assertThat(one.quantile(i / 100.0)).isEqualTo(both.quantile(i / 100.0));
    }
  }

  @Test
  void add_ofManyDecades_keepsTheLargestExactAndItsMemoryBounded() {
    QuantileSketch sketch = new QuantileSketch(0.001);
    for (int exponent = -8; exponent <= 300; exponent++) {
      sketch.add(Math.pow(10, exponent));
      sketch.add(-Math.pow(10, exponent));
    }

    assertThat(sketch.quantile(1)).isEqualTo(1e300);
    assertThat(sketch.quantile(0)).isEqualTo(-1e300);
    assertThat(sketch.quantile(0.999)).isCloseTo(1e299, within(2e296));
  }

  @Test
  void add_whatIsNotFinite_isLeftOut() {
    QuantileSketch sketch = new QuantileSketch(0.01);
    sketch.add(Double.NaN);
    sketch.add(Double.POSITIVE_INFINITY);
    assertThat(sketch.count()).isZero();
    assertThat(sketch.quantile(0.5)).isNaN();

    sketch.add(0);
    assertThat(sketch.quantile(0.5)).isZero();
  }

  @Test
  void arguments_thatAreWrong_areRefused() {
    assertThatThrownBy(() -> new QuantileSketch(0.5))
        .hasMessage("accuracy: expected a number above 0 and below 0.5, found 0.5");
    assertThatThrownBy(() -> new QuantileSketch(0.01).quantile(1.1))
        .hasMessage("share: expected a number from 0 to 1, found 1.1");
    assertThatThrownBy(() -> new QuantileSketch(0.01).merge(new QuantileSketch(0.02)))
        .hasMessage("accuracy: expected this sketch's, 0.01, found 0.02");
  }
}
