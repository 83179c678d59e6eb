package io.innerspan.benchmarks;

import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Prints what signals cost in two engines, for programs and for people. */
final class PeerReport {
  private static final int RATIO_DIGITS = 4;

  static void printJson(List<PeerCell> cells) {
    for (PeerCell cell : cells) {
      System.out.println(json(cell));
    }
  }

  static JsonObject json(PeerCell cell) {
    Estimate p50 = cell.p50Ratio();
    Estimate p99 = cell.p99Ratio();
    JsonObject line = new JsonObject();
    line.addProperty("benchmark", "peer");
    line.addProperty("engine", cell.engine().label());
    line.addProperty("means", cell.engine().means());
    line.addProperty("signals", cell.signals().label());
    line.addProperty("against", PeerSignals.PLAIN.label());
    line.addProperty("shape", cell.shape().toString());
    line.addProperty("threads", 1);
    line.add("p50_us", number(cell.p50(), 1));
    line.add("p50_ratio", number(p50.value(), RATIO_DIGITS));
    line.add("p50_low", number(p50.low(), RATIO_DIGITS));
    line.add("p50_high", number(p50.high(), RATIO_DIGITS));
    line.add("p99_ratio", number(p99 == null ? null : p99.value(), RATIO_DIGITS));
    line.add("p99_low", number(p99 == null ? null : p99.low(), RATIO_DIGITS));
    line.add("p99_high", number(p99 == null ? null : p99.high(), RATIO_DIGITS));
    return line;
  }

  private static JsonElement number(@Nullable Double value, int digits) {
    return value == null
        ? JsonNull.INSTANCE
        : new JsonPrimitive(BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_EVEN));
  }

  static void printTable(List<PeerCell> cells) {
    System.out.println(
        "| shape | signals | engine | by | p50 µs | p50 ratio | p50 added µs | p99 ratio"
            + " | samples |");
    System.out.println("|---|---|---|---|---|---|---|---|---|");
    for (PeerCell cell : cells) {
      Estimate p99 = cell.p99Ratio();
      Estimate difference = cell.p50Difference();
      System.out.println(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %s | %.0f | %s | %.0f [%.0f, %.0f] | %s | %d |",
              cell.shape(),
              cell.signals().label(),
              cell.engine().label(),
              cell.signals().isPlain() ? "–" : cell.engine().means(),
              cell.p50(),
              cell.p50Ratio(),
              difference.value(),
              difference.low(),
              difference.high(),
              p99 == null ? "–" : p99,
              cell.sampleCount()));
    }
  }

  private PeerReport() {}
}
