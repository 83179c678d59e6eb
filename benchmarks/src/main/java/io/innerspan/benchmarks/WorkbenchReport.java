package io.innerspan.benchmarks;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Locale;

/** Prints what was measured of the workbench, for programs and for people. */
final class WorkbenchReport {
  static void printJson(List<WorkbenchCell> cells) {
    for (WorkbenchCell cell : cells) {
      System.out.println(json(cell));
    }
  }

  static JsonObject json(WorkbenchCell cell) {
    JsonObject line = new JsonObject();
    line.addProperty("benchmark", "workbench");
    line.addProperty("what", cell.what());
    line.addProperty("texts", cell.texts());
    line.addProperty("seconds", rounded(cell.seconds()));
    line.addProperty("texts_per_second", rounded(cell.texts() / cell.seconds()));
    if (cell.against() != null && cell.speed() != null) {
      line.addProperty("against", cell.against());
      line.addProperty("speed_ratio", rounded(cell.speed().value()));
      line.addProperty("speed_low", rounded(cell.speed().low()));
      line.addProperty("speed_high", rounded(cell.speed().high()));
    }
    if (cell.peakMib() != null) {
      line.addProperty("peak_mib", cell.peakMib());
    }
    return line;
  }

  private static double rounded(double value) {
    return Math.round(value * 1e3) / 1e3;
  }

  static void printTable(List<WorkbenchCell> cells) {
    System.out.println("| what | texts | seconds | texts/s | times as fast as | peak MiB |");
    System.out.println("|---|---|---|---|---|---|");
    for (WorkbenchCell cell : cells) {
      System.out.println(
          String.format(
              Locale.ROOT,
              "| %s | %d | %.1f | %.0f | %s | %s |",
              cell.what(),
              cell.texts(),
              cell.seconds(),
              cell.texts() / cell.seconds(),
              cell.speed() == null ? "–" : cell.against() + ": " + cell.speed(),
              cell.peakMib() == null ? "–" : cell.peakMib()));
    }
  }

  private WorkbenchReport() {}
}
