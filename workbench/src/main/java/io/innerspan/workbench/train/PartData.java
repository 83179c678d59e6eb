package io.innerspan.workbench.train;

import io.innerspan.workbench.data.Groups;
import io.innerspan.workbench.data.LabelledText;
import io.innerspan.workbench.model.TextTokenizer;
import io.innerspan.workbench.model.TokenIds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One part's rows, tokenised.
 *
 * @param rows the rows
 * @param tokens by row
 */
record PartData(List<LabelledText> rows, List<TokenIds> tokens) {
  static PartData of(List<LabelledText> rows, TextTokenizer tokenizer) {
    return new PartData(rows, rows.stream().map(row -> tokenizer.encode(row.text())).toList());
  }

  int size() {
    return rows.size();
  }

  /** All rows' numbers. */
  int[] numbers() {
    return IntStream.range(0, rows.size()).toArray();
  }

  /** The tokens of some rows. */
  List<TokenIds> tokens(int[] numbers) {
    return Arrays.stream(numbers).mapToObj(tokens::get).toList();
  }

  boolean[] positive() {
    boolean[] positive = new boolean[rows.size()];
    for (int i = 0; i < positive.length; i++) {
      positive[i] = rows.get(i).positive();
    }
    return positive;
  }

  List<String> texts() {
    return rows.stream().map(LabelledText::text).toList();
  }

  List<String> groups() {
    return rows.stream().map(LabelledText::group).toList();
  }

  int count(boolean positive) {
    return (int) rows.stream().filter(row -> row.positive() == positive).count();
  }

  int groups(boolean positive) {
    return (int)
        rows.stream()
            .filter(row -> row.positive() == positive)
            .map(LabelledText::group)
            .distinct()
            .count();
  }

  /** The rows of two parts. */
  PartData and(PartData other) {
    List<LabelledText> allRows = new ArrayList<>(rows);
    allRows.addAll(other.rows);
    List<TokenIds> allTokens = new ArrayList<>(tokens);
    allTokens.addAll(other.tokens);
    return new PartData(allRows, allTokens);
  }

  /**
   * Independent benign rows: of each group one row of another label than the positive one, drawn by
   * the seed. The texts of one template say nearly the same; they must not count as many.
   */
  int[] independentBenign(long seed) {
    int[] benign = IntStream.range(0, rows.size()).filter(i -> !rows.get(i).positive()).toArray();
    return Groups.oneOfEach(groups(), benign, seed);
  }
}
