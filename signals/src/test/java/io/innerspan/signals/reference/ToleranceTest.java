package io.innerspan.signals.reference;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToleranceTest {
  @ParameterizedTest
  @CsvSource({
    "FP32, 0.5, 0.500009, true",
    "FP32, 0.5, 0.500011, false",
    "FP32, 100, 100.0009, true",
    "FP32, 100, 99.9989, false",
    "FP32, -100, -100.0009, true",
    "FP16, 0.5, 0.5009, true",
    "FP16, 0.5, 0.5011, false",
    "FP16, 10, 10.009, true",
    "FP32, 1, NaN, false",
    "FP32, NaN, NaN, false",
    "FP32, Infinity, Infinity, false",
    "FP32, Infinity, 1, false",
    "FP32, 1, Infinity, false"
  })
  void agrees_distance_isScaledByTheReference(
      Tolerance tolerance, double reference, double actual, boolean agrees) {
    assertThat(tolerance.agrees(actual, reference)).isEqualTo(agrees);
  }
}
