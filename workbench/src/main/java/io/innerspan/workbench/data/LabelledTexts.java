package io.innerspan.workbench.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads labelled texts from a CSV file. */
public final class LabelledTexts {
  /**
   * Reads all rows.
   *
   * @param groupColumn the column of template families; null, or an empty cell, makes a row its own
   *     group
   * @throws BadInput when a column is missing, a text is blank, the positive label or any other
   *     label does not occur, or one text has two labels
   */
  public static List<LabelledText> read(
      Path file,
      String textColumn,
      String labelColumn,
      String positiveLabel,
      @Nullable String groupColumn) {
    CsvTable table = CsvTable.read(file);
    List<String> texts = table.column(textColumn);
    List<String> labels = table.column(labelColumn);
    List<String> groups = groupColumn == null ? List.of() : table.column(groupColumn);
    List<LabelledText> rows = new ArrayList<>(texts.size());
    for (int i = 0; i < texts.size(); i++) {
      long row = table.records().get(i).getRecordNumber();
      if (texts.get(i).isBlank()) {
        throw BadInput.in(file, "a text in record " + row, "a blank one");
      }
      if (labels.get(i).isBlank()) {
        throw BadInput.in(file, "a label in record " + row, "a blank one");
      }
      String group =
          groups.isEmpty() || groups.get(i).isBlank() ? Groups.ofOne(row) : groups.get(i);
      boolean positive = labels.get(i).equals(positiveLabel);
      rows.add(new LabelledText(row, texts.get(i), labels.get(i), positive, group));
    }
    checkLabels(file, rows, positiveLabel);
    checkOneLabelPerText(file, rows);
    return List.copyOf(rows);
  }

  private static void checkLabels(Path file, List<LabelledText> rows, String positiveLabel) {
    Set<String> labels = new TreeSet<>();
    rows.forEach(row -> labels.add(row.label()));
    if (!labels.contains(positiveLabel)) {
      throw BadInput.in(
          file, "rows with the label '" + positiveLabel + "'", "the labels " + labels);
    }
    if (labels.size() < 2) {
      throw BadInput.in(file, "rows with another label than '" + positiveLabel + "'", "none");
    }
  }

  private static void checkOneLabelPerText(Path file, List<LabelledText> rows) {
    Map<String, LabelledText> seen = new HashMap<>();
    for (LabelledText row : rows) {
      LabelledText first = seen.putIfAbsent(row.text(), row);
      if (first != null && first.positive() != row.positive()) {
        throw BadInput.in(
            file,
            "one label per text",
            String.format(
                Locale.ROOT,
                "'%s' in record %d and '%s' in record %d for the same text",
                first.label(),
                first.row(),
                row.label(),
                row.row()));
      }
    }
  }

  private LabelledTexts() {}
}
