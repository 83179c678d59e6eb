package io.innerspan.workbench.model;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.djl.huggingface.tokenizers.jni.CharSpan;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.InputFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/**
 * A tokenizer from a {@code tokenizer.json}, set as LangChain4j's in-process embedding models set
 * theirs: special tokens added, no padding, truncation at the length which the file names, or at
 * 512 tokens when it names none or a greater one. A text that fits gives the tokens that
 * LangChain4j feeds; of a longer one both see the beginning only.
 */
public final class TextTokenizer implements AutoCloseable {
  private final HuggingFaceTokenizer tokenizer;

  private TextTokenizer(HuggingFaceTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * Opens a tokenizer file.
   *
   * @throws BadInput when it is missing or no tokenizer
   */
  public static TextTokenizer open(Path file) {
    InputFile.existing(file);
    try {
      return new TextTokenizer(HuggingFaceTokenizer.newInstance(file, Map.of("padding", "false")));
    } catch (IOException | RuntimeException e) {
      throw BadInput.in(file, "a Hugging Face tokenizer.json", firstLine(e));
    }
  }

  /** The most tokens that a text may have before it is cut, special ones included. */
  public int maxTokens() {
    return tokenizer.getMaxLength();
  }

  /** Tokenises one text. */
  public TokenIds encode(String text) {
    Encoding encoding = tokenizer.encode(text, true, false);
    CharSpan[] spans = encoding.getCharTokenSpans();
    long[] specialMask = encoding.getSpecialTokenMask();
    int tokens = encoding.getIds().length;
    boolean[] special = new boolean[tokens];
    int[] begins = new int[tokens];
    int[] ends = new int[tokens];
    for (int i = 0; i < tokens; i++) {
      special[i] = specialMask[i] != 0;
      CharSpan span = spans[i];
      if (span != null) {
        begins[i] = span.getStart();
        ends[i] = span.getEnd();
      }
    }
    return new TokenIds(encoding.getIds(), encoding.getTypeIds(), special, begins, ends);
  }

  @Override
  public void close() {
    tokenizer.close();
  }

  private static String firstLine(Throwable e) {
    String message = String.valueOf(e.getMessage());
    return message.lines().findFirst().orElse(e.getClass().getSimpleName());
  }
}
