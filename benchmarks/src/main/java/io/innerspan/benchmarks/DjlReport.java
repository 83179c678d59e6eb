package io.innerspan.benchmarks;

import com.google.gson.JsonObject;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;

/** Prints what signals cost in DJL, for programs and for people. */
final class DjlReport {
  private static final int RATIO_DIGITS = 4;
  private static final int MICROS_DIGITS = 1;

  static void printJson(List<DjlCell> cells) {
    for (DjlCell cell : cells) {
      System.out.println(json(cell));
    }
  }

  static JsonObject json(DjlCell cell) {
    JsonObject line = new JsonObject();
    line.addProperty("benchmark", "djl");
    line.addProperty("engine", cell.engine().label());
    line.addProperty("config", cell.configuration().label());
    line.addProperty("against", cell.configuration().against().label());
    line.addProperty("shape", cell.shape().toString());
    line.addProperty("samples", cell.sampleCount());
    line.addProperty("against_cpu_us", rounded(cell.baseline(), MICROS_DIGITS));
    line.addProperty("added_cpu_us", rounded(cell.added().value(), MICROS_DIGITS));
    line.addProperty("added_cpu_us_low", rounded(cell.added().low(), MICROS_DIGITS));
    line.addProperty("added_cpu_us_high", rounded(cell.added().high(), MICROS_DIGITS));
    add(line, "cpu_p50", cell.computedRatio());
    add(line, "wall_p50", cell.wallRatio());
    return line;
  }

  static JsonObject json(InstructionCell cell) {
    JsonObject line = new JsonObject();
    line.addProperty("benchmark", "djl-instructions");
    line.addProperty("engine", cell.engine().label());
    line.addProperty("config", cell.configuration().label());
    line.addProperty("against", cell.configuration().against().label());
    line.addProperty("shape", cell.shape().toString());
    line.addProperty("rounds", cell.rounds().size());
    line.addProperty("against_instructions", rounded(cell.baseline(), 0));
    add(line, "instructions", cell.ratio());
    return line;
  }

  private static void add(JsonObject line, String name, Estimate estimate) {
    line.addProperty(name + "_ratio", rounded(estimate.value(), RATIO_DIGITS));
    line.addProperty(name + "_low", rounded(estimate.low(), RATIO_DIGITS));
    line.addProperty(name + "_high", rounded(estimate.high(), RATIO_DIGITS));
  }

  private static BigDecimal rounded(double value, int digits) {
    return BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_EVEN);
  }

  static void printTable(List<DjlCell> cells) {
    System.out.println(
        "| engine | shape | configuration | against | µs of that | µs added | thread-CPU p50 ratio"
            + " | wall p50 ratio | samples |");
    System.out.println("|---|---|---|---|---|---|---|---|---|");
    for (DjlCell cell : cells) {
      System.out.println(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %s | %.0f | %.1f | %s | %s | %d |",
              cell.engine().label(),
              cell.shape(),
              cell.configuration().label(),
              cell.configuration().against().label(),
              cell.baseline(),
              cell.added().value(),
              cell.computedRatio(),
              cell.wallRatio(),
              cell.sampleCount()));
    }
  }

  static void printInstructions(List<InstructionCell> cells, boolean json) {
    if (json) {
      cells.forEach(cell -> System.out.println(json(cell)));
      return;
    }
    System.out.println(
        "| engine | shape | configuration | against | millions of instructions of that | ratio |");
    System.out.println("|---|---|---|---|---|---|");
    for (InstructionCell cell : cells) {
      System.out.println(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %s | %.1f | %s |",
              cell.engine().label(),
              cell.shape(),
              cell.configuration().label(),
              cell.configuration().against().label(),
              cell.baseline() * 1e-6,
              cell.ratio()));
    }
  }

  private DjlReport() {}
}
