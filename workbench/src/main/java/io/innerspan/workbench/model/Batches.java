package io.innerspan.workbench.model;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** Puts texts of like length together, so that little of a batch is padding. */
public final class Batches {
  /**
   * Bounds a batch: rows times the longest row. With more a batch has texts of less like length,
   * and more than a processor's cache holds.
   */
  private static final int TOKENS = 512;

  /**
   * Batches of indices, longest texts first, so that memory peaks at once; each batch begins with
   * its longest row.
   */
  public static List<List<Integer>> byLength(List<TokenIds> texts) {
    List<Integer> order =
        IntStream.range(0, texts.size())
            .boxed()
            .sorted(Comparator.comparingInt((Integer i) -> -texts.get(i).length()))
            .toList();
    List<List<Integer>> batches = new ArrayList<>();
    for (int from = 0; from < order.size(); ) {
      int longest = Math.max(1, texts.get(order.get(from)).length());
      int to = Math.min(order.size(), from + Math.max(1, TOKENS / longest));
      batches.add(order.subList(from, to));
      from = to;
    }
    return batches;
  }

  private Batches() {}
}
