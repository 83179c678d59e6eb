package io.innerspan.signals.pack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NumbersTest {
  /** 2.0E-3 and 2.2250738585072014E-308 are spelt in other ways by Java 17 and Java 19. */
  @ParameterizedTest
  @CsvSource({
    "0.1, 0.1",
    "1200, 1.2E+3",
    "0.002, 0.002",
    "-0.0, 0",
    "2e23, 2E+23",
    "1e-9, 1E-9",
    "4.9e-324, 5E-324",
    "0.30000000000000004, 0.30000000000000004"
  })
  void shortest_knownNumbers_areShort(double value, String expected) {
    assertThat(Numbers.shortest(value).toString()).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"10, 10", "1200, 1200", "-3, -3", "-0.0, 0", "1e15, 1E+15", "0.5, 0.5"})
  void json_wholeNumbers_haveNoExponent(double value, String expected) {
    assertThat(Numbers.json(value).toString()).isEqualTo(expected);
  }

  @Test
  void shortest_anyNumber_readsBack() {
    Random random = new Random(11);
    for (int i = 0; i < 4_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(value)) {
        assertThat(Double.parseDouble(Numbers.shortest(value).toString())).isEqualTo(value);
      }
    }
  }
}
