package io.innerspan.workbench.learn;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Words and pairs of neighbouring words, weighted by term frequency times inverse document
 * frequency {@code ln((1 + n) / (1 + df)) + 1}, rows of length 1 (as scikit-learn computes it).
 */
final class TfIdf {
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");

  private final Map<String, Integer> index = new HashMap<>();
  private final double[] idf;

  /**
   * @param texts the training texts
   * @param fewestTexts terms in fewer texts are left out
   */
  TfIdf(List<String> texts, int fewestTexts) {
    Map<String, Integer> documents = new TreeMap<>();
    for (String text : texts) {
      terms(text).keySet().forEach(term -> documents.merge(term, 1, Integer::sum));
    }
    documents.values().removeIf(count -> count < fewestTexts);
    idf = new double[documents.size()];
    documents.forEach(
        (term, count) -> {
          idf[index.size()] = Math.log((1.0 + texts.size()) / (1.0 + count)) + 1;
          index.put(term, index.size());
        });
  }

  int features() {
    return idf.length;
  }

  /** One text's row; terms that training did not see are left out. */
  SparseRow row(String text) {
    TreeMap<Integer, Double> weights = new TreeMap<>();
    terms(text)
        .forEach(
            (term, count) -> {
              Integer feature = index.get(term);
              if (feature != null) {
                weights.put(feature, count * idf[feature]);
              }
            });
    double squares = 0;
    for (double weight : weights.values()) {
      squares += weight * weight;
    }
    double length = squares == 0 ? 1 : Math.sqrt(squares);
    int[] features = weights.keySet().stream().mapToInt(Integer::intValue).toArray();
    double[] values = weights.values().stream().mapToDouble(weight -> weight / length).toArray();
    return new SparseRow(features, values);
  }

  private static Map<String, Integer> terms(String text) {
    Map<String, Integer> terms = new HashMap<>();
    Matcher words = WORD.matcher(text.toLowerCase(Locale.ROOT));
    String before = null;
    while (words.find()) {
      String word = words.group();
      terms.merge(word, 1, Integer::sum);
      if (before != null) {
        terms.merge(before + " " + word, 1, Integer::sum);
      }
      before = word;
    }
    return terms;
  }
}
