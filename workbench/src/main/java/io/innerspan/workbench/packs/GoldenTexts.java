package io.innerspan.workbench.packs;

import io.innerspan.workbench.data.PlainTexts;
import io.innerspan.workbench.model.TextTokenizer;
import io.innerspan.workbench.model.TokenIds;
import io.innerspan.workbench.store.StoreTexts;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The batches that a pack proves itself with: one text alone, and all of them padded. */
public final class GoldenTexts {
  private static final int MOST = 8;

  /** Golden inputs run whenever a model is opened: they stay short. */
  private static final int MOST_TOKENS = 64;

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

  /**
   * Of a store: a text of middling length alone, and it with the shortest and a long one.
   *
   * @param takesPart which of the store's texts may be taken; at least one
   */
  public static List<List<TokenIds>> of(StoreTexts texts, IntPredicate takesPart) {
    List<Integer> ascending =
        IntStream.range(0, texts.size())
            .filter(takesPart)
            .boxed()
            .sorted(Comparator.comparingInt(text -> length(texts, text)))
            .toList();
    List<Integer> enough =
        ascending.stream().filter(text -> length(texts, text) <= MOST_TOKENS).toList();
    List<Integer> from = enough.isEmpty() ? ascending.subList(0, 1) : enough;
    return batches(
        IntStream.of(from.size() / 2, 0, from.size() - 1)
            .distinct()
            .mapToObj(place -> ids(texts, from.get(place)))
            .toList());
  }

  private static int length(StoreTexts texts, int text) {
    return texts.firstToken(text + 1) - texts.firstToken(text);
  }

  private static TokenIds ids(StoreTexts texts, int text) {
    return ids(
        IntStream.range(texts.firstToken(text), texts.firstToken(text + 1))
            .mapToLong(texts::id)
            .toArray());
  }

  private static TokenIds ids(int first, int count) {
    return ids(LongStream.range(first, first + count).map(id -> 1 + (id - 1) % IDS).toArray());
  }

  private static TokenIds ids(long[] ids) {
    int count = ids.length;
    return new TokenIds(ids, new long[count], new boolean[count], new int[count], new int[count]);
  }

  private static List<List<TokenIds>> batches(List<TokenIds> all) {
    return List.of(List.of(all.get(0)), all);
  }

  private GoldenTexts() {}
}
