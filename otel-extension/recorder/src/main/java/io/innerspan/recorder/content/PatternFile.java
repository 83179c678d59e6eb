package io.innerspan.recorder.content;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** A file with a pattern in each line, {@code name = regular expression}; {@code #} comments. */
final class PatternFile {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]{0,31}");

  /**
   * Reads the file.
   *
   * @throws IOException when it cannot be read, or a line is wrong; with file and line
   */
  static List<Detector> read(Path file) throws IOException {
    List<Detector> detectors = new ArrayList<>();
    int number = 0;
    for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
      number++;
      if (!line.isBlank() && !line.startsWith("#")) {
        detectors.add(detector(file, number, line));
      }
    }
    return detectors;
  }

  private static Detector detector(Path file, int number, String line) throws IOException {
    int equals = line.indexOf('=');
    String name = equals < 0 ? "" : line.substring(0, equals).strip();
    if (!NAME.matcher(name).matches()) {
      throw new IOException(
          file + ":" + number + ": expected a name such as customer_id, and = after it");
    }
    try {
      return new PatternDetector(name, Pattern.compile(line.substring(equals + 1).strip()));
    } catch (PatternSyntaxException e) {
      throw new IOException(
          file + ":" + number + ": expected a regular expression: " + e.getDescription(), e);
    }
  }

  private PatternFile() {}
}
