package io.innerspan.exporter.siem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumeralsTest {
  @ParameterizedTest
  @CsvSource({
    "0.9731, 0.9731",
    "12.0, 12",
    "0.00004, 0.00004",
    "1e21, 1000000000000000000000",
    "-0.0, 0",
    "100, 100",
    "NaN, NaN"
  })
  void text_hasNoExponentAndNoTrailingZero(double number, String text) {
    assertThat(Numerals.text(number)).isEqualTo(text);
  }

  @Test
  void text_anyNumber_readsBackAsItself() {
    Random random = new Random(9);
    for (int round = 0; round < 10_000; round++) {
      double number = random.nextGaussian() * Math.pow(10, random.nextInt(30) - 15);
      assertThat(Double.parseDouble(Numerals.text(number))).isEqualTo(number);
      assertThat(Numerals.text(number)).doesNotContain("E");
    }
  }

  @Test
  void epochMillis_ofAnInstant_isItsMilliseconds() {
    assertThat(Numerals.epochMillis("1970-01-01T00:00:01.5Z")).isEqualTo(1500);
    assertThat(Numerals.epochMillis("2026-11-22")).isNull();
    assertThat(Numerals.epochMillis(null)).isNull();
  }
}
