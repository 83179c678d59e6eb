package io.innerspan.workbench.train;

import io.innerspan.workbench.data.LabelledText;
import io.innerspan.workbench.model.TextTokenizer;
import io.innerspan.workbench.model.TokenIds;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

  /**
   * The independent benign units: of each group with rows of another label than the positive one,
   * the greatest logit of those rows. A bound on groups of which any text is a false positive is a
   * bound on texts too, and texts of one template are not counted as independent.
   */
  double[] benignMaxima(double[] logits) {
    Map<String, Double> maxima = new LinkedHashMap<>();
    for (int i = 0; i < rows.size(); i++) {
      if (!rows.get(i).positive()) {
        maxima.merge(rows.get(i).group(), logits[i], Math::max);
      }
    }
    return maxima.values().stream().mapToDouble(Double::doubleValue).toArray();
  }
}
