package io.innerspan.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What {@code instructions.c} writes of a program that reads commands from its standard input and
 * answers each on its standard output, in one thread.
 */
final class InstructionCounts {
  private static final String READ = "read";

  private final List<String> lines;

  InstructionCounts(List<String> lines) {
    this.lines = List.copyOf(lines);
  }

  /** All that is written so far. */
  static InstructionCounts in(Path file) throws IOException {
    String written = Files.readString(file);
    return new InstructionCounts(written.lines().toList());
  }

  /**
   * The instructions between the last command that is answered and the begin of its answer.
   *
   * @throws IllegalStateException when there is none
   */
  long lastCommand() {
    // An answer may take more than one write.
    int answer = lines.size() - 1;
    while (answer >= 0 && isRead(answer)) {
      answer--;
    }
    while (answer > 0 && !isRead(answer - 1)) {
      answer--;
    }
    if (answer <= 0) {
      throw new IllegalStateException("expected a command and its answer, found " + lines);
    }
    return count(answer) - count(answer - 1);
  }

  private boolean isRead(int line) {
    return lines.get(line).startsWith(READ);
  }

  private long count(int line) {
    String[] words = lines.get(line).split(" ");
    if (words.length != 3) {
      throw new IllegalStateException(
          "expected a word, a thread and a count, found " + lines.get(line));
    }
    return Long.parseLong(words[2]);
  }
}
