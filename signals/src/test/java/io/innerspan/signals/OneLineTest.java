package io.innerspan.signals;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OneLineTest {
  @Test
  void of_controlCharacters_areEscaped() {
    assertThat(OneLine.of("a\r\nb\u001b[31m\u2028\u202e é"))
        .isEqualTo("a\\u000d\\u000ab\\u001b[31m\\u2028\\u202e é");
  }

  @Test
  void of_longText_isCut() {
    assertThat(OneLine.of("x".repeat(10_000))).isEqualTo("x".repeat(600) + "…");
    assertThat(OneLine.of("x".repeat(600))).hasSize(600);
  }
}
