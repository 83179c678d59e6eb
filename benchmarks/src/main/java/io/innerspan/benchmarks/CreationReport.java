package io.innerspan.benchmarks;

import com.google.gson.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Prints what opening a session costs, for programs and for people. */
final class CreationReport {
  static void printJson(CreationCell cell) {
    System.out.println(json(cell));
  }

  static JsonObject json(CreationCell cell) {
    JsonObject line = new JsonObject();
    line.addProperty("benchmark", "create");
    line.addProperty("model_mb", cell.what().model().megabytes());
    line.addProperty("mode", cell.what().mode());
    line.addProperty("probes", cell.what().probes());
    line.addProperty("onnxruntime", cell.what().onnxRuntime());
    line.addProperty("rounds", cell.what().rounds());
    line.addProperty("plain_ms", rounded(cell.plain(CreationSample::millis)));
    line.addProperty("plain_peak_mb", rounded(cell.plain(CreationSample::peak)));
    add(line, "time", cell, CreationSample::millis);
    line.addProperty("plain_first_ms", rounded(cell.plain(CreationSample::firstMillis)));
    add(line, "first_time", cell, CreationSample::firstMillis);
    add(line, "peak", cell, CreationSample::peak);
    add(line, "peak_after", cell, CreationSample::peakAfter);
    line.addProperty("readings_on_ms", rounded(cell.ours(CreationSample::readingsOn)));
    return line;
  }

  private static void add(
      JsonObject line, String name, CreationCell cell, ToDoubleFunction<CreationSample> quantity) {
    add(line, name, cell.ratio(quantity));
    if (!cell.again().isEmpty()) {
      add(line, "aa_" + name, cell.noise(quantity));
    }
  }

  private static void add(JsonObject line, String name, Estimate ratio) {
    line.addProperty(name + "_ratio", thousandths(ratio.value()));
    line.addProperty(name + "_low", thousandths(ratio.low()));
    line.addProperty(name + "_high", thousandths(ratio.high()));
  }

  private static double thousandths(double value) {
    return Math.round(value * 1000) / 1000.0;
  }

  private static long rounded(Estimate estimate) {
    return Math.round(estimate.value());
  }

  static void printTable(List<CreationCell> cells) {
    System.out.println(
        "| model MB | mode | probes | ONNX Runtime | plain ms | time ratio | first time ratio | plain peak MB"
            + " | peak ratio | peak ratio until readings | readings on after ms | A/A time, peak |");
    System.out.println("|---|---|---|---|---|---|---|---|---|---|---|---|");
    for (CreationCell cell : cells) {
      System.out.println(
          String.format(
              Locale.ROOT,
              "| %d | %s | %d | %s | %d | %s | %s | %d | %s | %s | %d | %s |",
              cell.what().model().megabytes(),
              cell.what().mode(),
              cell.what().probes(),
              cell.what().onnxRuntime(),
              rounded(cell.plain(CreationSample::millis)),
              text(cell.ratio(CreationSample::millis)),
              text(cell.ratio(CreationSample::firstMillis)),
              rounded(cell.plain(CreationSample::peak)),
              text(cell.ratio(CreationSample::peak)),
              text(cell.ratio(CreationSample::peakAfter)),
              rounded(cell.ours(CreationSample::readingsOn)),
              cell.again().isEmpty()
                  ? "–"
                  : text(cell.noise(CreationSample::millis))
                      + ", "
                      + text(cell.noise(CreationSample::peak))));
    }
  }

  private static String text(Estimate ratio) {
    return String.format(
        Locale.ROOT, "%.2f [%.2f, %.2f]", ratio.value(), ratio.low(), ratio.high());
  }

  private CreationReport() {}
}
