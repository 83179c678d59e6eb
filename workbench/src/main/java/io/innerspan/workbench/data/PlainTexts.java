package io.innerspan.workbench.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Reads unlabelled texts: the lines of a text file, or a column of a CSV file. */
public final class PlainTexts {
  /**
   * Reads all texts in order.
   *
   * @param textColumn the column, or null when every line is a text
   */
  public static List<String> read(Path file, @Nullable String textColumn) {
    boolean csv = file.toString().toLowerCase(Locale.ROOT).endsWith(".csv");
    List<String> texts;
    if (textColumn != null) {
      texts = CsvTable.read(file).column(textColumn);
    } else if (csv) {
      throw BadInput.in(
          InputFile.existing(file),
          "--text-column for a CSV file",
          "none; its columns are " + CsvTable.read(file).columns());
    } else {
      texts = CsvTable.readText(file).lines().toList();
    }
    if (texts.isEmpty()) {
      throw BadInput.in(file, "at least one text", "none");
    }
    return texts;
  }

  private PlainTexts() {}
}
