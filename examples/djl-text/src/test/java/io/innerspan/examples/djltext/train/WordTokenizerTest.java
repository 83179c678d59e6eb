package io.innerspan.examples.djltext.train;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tokenizer as the service reads it. */
class WordTokenizerTest {
  private static final List<String> TEXTS =
      List.of("The cat sat, the cat ran.", "A CAT, a dog", "the dog sat; once");

  @TempDir Path folder;

  @Test
  void of_texts_keepsWordsOfMoreThanOneTextMostFrequentFirst() throws IOException {
    // Texts with each: cat 2, dog 2, sat 2, the 2, comma 2; three special tokens.
    assertThat(WordTokenizer.of(TEXTS, 100).size()).isEqualTo(8);
    assertThat(encode(100, "cat dog sat the , once")).containsExactly(1, 4, 5, 6, 7, 3, 2);
    assertThat(WordTokenizer.of(TEXTS, 5).size()).isEqualTo(5);
  }

  @Test
  void encode_anyText_beginsAlikeAndIsCut() throws IOException {
    assertThat(encode(100, "")).containsExactly(WordTokenizer.BEGINNING);
    assertThat(encode(100, "\u200b")).startsWith(WordTokenizer.BEGINNING);
    assertThat(encode(4, "The CAT sat the cat")).containsExactly(1, 7, 4, 6);
  }

  private long[] encode(int mostTokens, String text) throws IOException {
    Path file = folder.resolve("tokenizer.json");
    WordTokenizer.of(TEXTS, 100).write(file, mostTokens);
    try (HuggingFaceTokenizer tokenizer = HuggingFaceTokenizer.newInstance(file)) {
      return tokenizer.encode(text).getIds();
    }
  }
}
