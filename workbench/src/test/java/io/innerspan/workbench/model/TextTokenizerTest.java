package io.innerspan.workbench.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.workbench.MiniLm;
import org.junit.jupiter.api.Test;

class TextTokenizerTest {
  @Test
  void encode_sentence_addsSpecialTokensAndNoPadding() {
    try (TextTokenizer tokenizer = TextTokenizer.open(MiniLm.tokenizer())) {
      TokenIds tokens = tokenizer.encode("Hello, world");
      assertThat(tokens.ids()).containsExactly(101, 7592, 1010, 2088, 102);
      assertThat(tokens.special()).containsExactly(true, false, false, false, true);
      assertThat(tokens.begins()).containsExactly(0, 0, 5, 7, 0);
      assertThat(tokens.ends()).containsExactly(0, 5, 6, 12, 0);
    }
  }

  @Test
  void encode_longText_isCutAsTheFileSays() {
    try (TextTokenizer tokenizer = TextTokenizer.open(MiniLm.tokenizer())) {
      assertThat(tokenizer.maxTokens()).isEqualTo(128);
      assertThat(tokenizer.encode("word ".repeat(600)).length()).isEqualTo(128);
      assertThat(tokenizer.encode("").ids()).containsExactly(101, 102);
    }
  }
}
