package io.innerspan.workbench.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.innerspan.signals.Pooling;
import io.innerspan.workbench.data.BadInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PoolingNameTest {
  @ParameterizedTest
  @ValueSource(
      strings = {"mean", "max", "ema", "ema=0.25", "top_k_mean", "top_k_mean=3", "rolling_max=7"})
  void parse_nameOfAPooling_isThatPooling(String name) {
    assertThat(PoolingName.of(PoolingName.parse(name))).isEqualTo(name);
  }

  @Test
  void parse_withoutParameter_takesTheUsualOne() {
    assertThat(PoolingName.parse("softmax")).isEqualTo(Pooling.softmax(1));
    assertThat(PoolingName.parse("ema")).isEqualTo(Pooling.ema(0.5));
    assertThat(PoolingName.parse("rolling-max")).isEqualTo(Pooling.rollingMax(10));
    assertThat(PoolingName.of(Pooling.topKMean(5))).isEqualTo("top_k_mean");
  }

  @ParameterizedTest
  @CsvSource({
    "median, expected one of",
    "mean=2, expected one of",
    "ema=x, expected a number as the alpha of ema",
    "ema=2, a number above 0 and at most 1",
    "top_k_mean=1.5, a whole number"
  })
  void parse_whatIsNone_saysWhatIsExpected(String name, String message) {
    assertThatThrownBy(() -> PoolingName.parse(name))
        .isInstanceOf(BadInput.class)
        .hasMessageStartingWith("--pooling")
        .hasMessageContaining(message);
  }
}
