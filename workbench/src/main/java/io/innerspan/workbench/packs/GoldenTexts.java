package io.innerspan.workbench.packs;

import io.innerspan.workbench.data.PlainTexts;
import io.innerspan.workbench.model.TextTokenizer;
import io.innerspan.workbench.model.TokenIds;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The batches that an imported pack proves itself with: one text alone, and all of them padded. */
public final class GoldenTexts {
  private static final int MOST = 8;

  /** Ids that even a small vocabulary has. */
  private static final int IDS = 12;

  private static final List<String> OURS =
      List.of(
          "The harbour was quiet in the morning.",
          "Please send me the invoice for March, and tell me when it is due.",
          "No.");

  /**
   * Of texts.
   *
   * @param file up to 8 texts, one per line, or null for three of our own
   */
  public static List<List<TokenIds>> of(Path tokenizer, @Nullable Path file) {
    List<String> texts = file == null ? OURS : PlainTexts.read(file, null);
    try (TextTokenizer opened = TextTokenizer.open(tokenizer)) {
      return batches(texts.stream().limit(MOST).map(opened::encode).toList());
    }
  }

  /** Of made-up ids, where no tokenizer is known. */
  public static List<List<TokenIds>> madeUp() {
    return batches(List.of(ids(1, IDS), ids(3, 4), ids(5, 1)));
  }

  private static TokenIds ids(int first, int count) {
    return new TokenIds(
        LongStream.range(first, first + count).map(id -> 1 + (id - 1) % IDS).toArray(),
        new long[count],
        new boolean[count],
        new int[count],
        new int[count]);
  }

  private static List<List<TokenIds>> batches(List<TokenIds> all) {
    return List.of(List.of(all.get(0)), all);
  }

  private GoldenTexts() {}
}
