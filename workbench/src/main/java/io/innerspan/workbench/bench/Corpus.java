package io.innerspan.workbench.bench;

import io.innerspan.signals.pack.SeenData;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.CsvTable;
import io.innerspan.workbench.data.Folds;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Labelled texts, each once, in two halves: one to learn from, one to test on. Each label has half
 * of its texts in either.
 *
 * @param texts the texts
 * @param labels by text
 * @param tested by text
 * @param repeated how many rows were left out because their text is there before them
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Corpus(List<String> texts, List<String> labels, boolean[] tested, int repeated) {
  static Corpus read(Path file, String textColumn, String labelColumn, long seed) {
    CsvTable table = CsvTable.read(file);
    List<String> allTexts = table.column(textColumn);
    List<String> allLabels = table.column(labelColumn);
    Map<String, String> known = new HashMap<>();
    List<String> texts = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < allTexts.size(); i++) {
      String text = allTexts.get(i);
      if (text.isBlank() || allLabels.get(i).isBlank()) {
        throw BadInput.in(file, "a text and a label in record " + (i + 1), "a blank one");
      }
      String before = known.putIfAbsent(SeenData.normalised(text), allLabels.get(i));
      if (before == null) {
        texts.add(text);
        labels.add(allLabels.get(i));
      } else if (!before.equals(allLabels.get(i))) {
        throw BadInput.in(
            file,
            "one label per text",
            "'" + before + "' and, in record " + (i + 1) + ", '" + allLabels.get(i) + "'");
      }
    }
    return new Corpus(texts, labels, halves(labels, seed), allTexts.size() - texts.size());
  }

  private static boolean[] halves(List<String> labels, long seed) {
    boolean[] tested = new boolean[labels.size()];
    Map<String, List<Integer>> byLabel = new TreeMap<>();
    for (int i = 0; i < labels.size(); i++) {
      byLabel.computeIfAbsent(labels.get(i), any -> new ArrayList<>()).add(i);
    }
    byLabel.forEach(
        (label, rows) -> {
          List<String> groups = rows.stream().map(String::valueOf).toList();
          int[] fold = Folds.of(groups, new boolean[rows.size()], 2, seed);
          for (int i = 0; i < fold.length; i++) {
            tested[rows.get(i)] = fold[i] == 1;
          }
        });
    return tested;
  }

  /** Labels with enough texts, by name; of two that divide the texts the rarer one says it all. */
  List<String> concepts(int least) {
    Map<String, Integer> counts = new TreeMap<>();
    labels.forEach(label -> counts.merge(label, 1, Integer::sum));
    List<String> concepts = new ArrayList<>();
    counts.entrySet().stream()
        .sorted(Map.Entry.comparingByValue())
        .limit(counts.size() == 2 ? 1 : counts.size())
        .filter(entry -> entry.getValue() >= least && entry.getValue() < labels.size())
        .forEach(entry -> concepts.add(entry.getKey()));
    Collections.sort(concepts);
    return concepts;
  }

  int[] rows(boolean ofTest) {
    return IntStream.range(0, tested.length).filter(i -> tested[i] == ofTest).toArray();
  }

  /** Whether chosen texts have a label. */
  boolean[] has(String label, int[] rows) {
    boolean[] has = new boolean[rows.length];
    for (int i = 0; i < rows.length; i++) {
      has[i] = labels.get(rows[i]).equals(label);
    }
    return has;
  }
}
