package io.innerspan.onnxruntime.graft;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What became of each model of the matrix, for people. */
final class MatrixReport {
  private final List<String> lines = new ArrayList<>();

  /** Adds a model and how many of its signals were read, or why not. */
  synchronized void add(String model, String outcome) {
    lines.add(model + ": " + outcome.replace('\n', ' '));
  }

  /**
   * Writes all lines, after their number, the number of those without readings, and of those that
   * lost a tap.
   */
  synchronized void write() throws IOException {
    long refused = lines.stream().filter(MatrixReport::isRefused).count();
    long changed = lines.stream().filter(line -> line.contains(" taps: ")).count();
    String summary =
        "Matrix of signals on ONNX Runtime %s: %d runs, %d refused, %d less a tap that changes bits"
            .formatted(MatrixRuntime.VERSION.number(), lines.size(), refused, changed);
    lines.add(0, summary);
    Files.write(
        Path.of("target", "signal-matrix-" + MatrixRuntime.VERSION.number() + ".txt"), lines);
  }

  private static boolean isRefused(String line) {
    return line.contains(": refused")
        || line.contains(": 0 read")
        || line.contains("OUTPUT_CHANGED, all");
  }
}
