package io.innerspan.workbench.calibrate;

import io.innerspan.signals.pack.Canary;
import io.innerspan.signals.pack.CanaryKind;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.CsvTable;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The texts of canaries in a file. */
public final class CanaryTexts {
  /**
   * The texts that differ, in the file's order, with their kinds.
   *
   * @throws BadInput when a column is missing, a text is blank, a kind is unknown, one text has two
   *     kinds, or there are none or more than a pack may have
   */
  static Map<String, CanaryKind> read(CanaryOptions.Texts options) {
    Path file = options.data();
    CsvTable table = CsvTable.read(file);
    List<String> texts = table.column(options.textColumn());
    List<String> kinds =
        options.kindColumn() == null ? List.of() : table.column(options.kindColumn());
    Map<String, CanaryKind> read = new LinkedHashMap<>();
    for (int i = 0; i < texts.size(); i++) {
      String in = " in record " + table.records().get(i).getRecordNumber();
      if (options.limit() != null && read.size() == options.limit()) {
        break;
      }
      if (texts.get(i).isBlank()) {
        throw BadInput.in(file, "a text" + in, "a blank one");
      }
      CanaryKind kind =
          options.kind() == null ? kind(file + in, kinds.get(i).strip()) : options.kind();
      CanaryKind before = read.putIfAbsent(texts.get(i), kind);
      if (before != null && before != kind) {
        throw BadInput.in(file, "one kind per text", before.label() + " and " + kind.label() + in);
      }
    }
    if (read.isEmpty() || read.size() > Canary.MOST) {
      throw BadInput.in(
          file,
          read.isEmpty() ? "at least 1 text" : "at most " + Canary.MOST + " texts, or --limit",
          "" + read.size());
    }
    return read;
  }

  /**
   * The kind of a name.
   *
   * @param where it stands, for the message
   * @throws BadInput when there is none
   */
  public static CanaryKind kind(String where, String name) {
    return Arrays.stream(CanaryKind.values())
        .filter(kind -> kind.label().equals(name))
        .findFirst()
        .orElseThrow(
            () -> new BadInput(where + ": expected a kind " + names() + ", found '" + name + "'"));
  }

  private static String names() {
    return Arrays.stream(CanaryKind.values())
        .map(CanaryKind::label)
        .collect(Collectors.joining(" or "));
  }

  private CanaryTexts() {}
}
