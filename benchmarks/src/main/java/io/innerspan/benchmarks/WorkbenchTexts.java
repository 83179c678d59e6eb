package io.innerspan.benchmarks;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Sentences of film reviews (rt-polarity), both sides taking turns. */
final class WorkbenchTexts {
  static final String POSITIVE = "rt-polarity.pos";
  static final String NEGATIVE = "rt-polarity.neg";

  /** Whether a folder holds the data. */
  static boolean areIn(Path folder) {
    return Files.isRegularFile(folder.resolve(POSITIVE))
        && Files.isRegularFile(folder.resolve(NEGATIVE));
  }

  /** Writes a CSV file with the columns text and label, yes for positive. */
  static Path write(Path folder, int count, Path file) throws IOException {
    String[] positive = lines(folder.resolve(POSITIVE));
    String[] negative = lines(folder.resolve(NEGATIVE));
    StringBuilder csv = new StringBuilder("text,label\n");
    Set<String> texts = new LinkedHashSet<>();
    for (int i = 0; texts.size() < count; i++) {
      String[] side = i % 2 == 0 ? positive : negative;
      if (i / 2 >= side.length) {
        throw new IOException(folder + ": expected " + count + " texts, found " + texts.size());
      }
      String text = side[i / 2].strip();
      if (!text.isEmpty() && texts.add(text)) {
        csv.append('"').append(text.replace("\"", "\"\"")).append("\",");
        csv.append(i % 2 == 0 ? "yes" : "no").append('\n');
      }
    }
    Files.createDirectories(file.toAbsolutePath().getParent());
    return Files.writeString(file, csv.toString());
  }

  /** Repeats a file's records until there are so many. */
  static Path repeat(Path file, int count) throws IOException {
    List<String> lines = Files.readAllLines(file);
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      out.write(lines.get(0) + "\n");
      for (int i = 0; i < count; i++) {
        out.write(lines.get(1 + i % (lines.size() - 1)) + "\n");
      }
    }
    return file;
  }

  private static String[] lines(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1).split("\\R");
  }

  private WorkbenchTexts() {}
}
