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

/** Prints what the overhead is, for programs and for people. */
final class OverheadReport {
  private static final int RATIO_DIGITS = 4;

  /** One line per cell. */
  static void printJson(List<OverheadCell> cells) {
    for (OverheadCell cell : cells) {
      if (cell.configuration() != Configuration.UNMODIFIED) {
        System.out.println(json(cell));
      }
    }
  }

  static JsonObject json(OverheadCell cell) {
    Estimate p50 = cell.p50Ratio();
    Estimate p99 = cell.p99Ratio();
    AddedCost added = cell.added();
    JsonObject line = new JsonObject();
    line.addProperty("benchmark", "overhead");
    line.addProperty("config", cell.configuration().label());
    line.addProperty("against", cell.configuration().against().label());
    line.addProperty("shape", cell.shape().toString());
    line.addProperty("threads", cell.threads());
    line.addProperty("sampling", sampling(cell));
    line.add("p50_ratio", number(p50.value(), RATIO_DIGITS));
    line.add("p50_low", number(p50.low(), RATIO_DIGITS));
    line.add("p50_high", number(p50.high(), RATIO_DIGITS));
    line.add("p99_ratio", number(p99 == null ? null : p99.value(), RATIO_DIGITS));
    line.add("p99_low", number(p99 == null ? null : p99.low(), RATIO_DIGITS));
    line.add("p99_high", number(p99 == null ? null : p99.high(), RATIO_DIGITS));
    line.add("added_us", number(added == null ? null : added.micros(), 2));
    line.add("allocated_bytes", number(added == null ? null : added.bytes(), 0));
    return line;
  }

  private static String sampling(OverheadCell cell) {
    return cell.sampling().name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static JsonElement number(@Nullable Double value, int digits) {
    return value == null
        ? JsonNull.INSTANCE
        : new JsonPrimitive(BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_EVEN));
  }

  static void printTable(List<OverheadCell> cells) {
    System.out.println(
        "| shape | threads | sampling | configuration | against | p50 µs | p50 ratio | p50 added µs | p99 ratio"
            + " | samples | added in Java µs | allocated bytes |");
    System.out.println("|---|---|---|---|---|---|---|---|---|---|---|---|");
    for (OverheadCell cell : cells) {
      Estimate p99 = cell.p99Ratio();
      Estimate difference = cell.p50Difference();
      AddedCost added = cell.added();
      System.out.println(
          String.format(
              Locale.ROOT,
              "| %s | %d | %s | %s | %s | %.0f | %s | %.0f [%.0f, %.0f] | %s | %d | %s | %s |",
              cell.shape(),
              cell.threads(),
              sampling(cell),
              cell.configuration().label(),
              cell.configuration().against().label(),
              cell.p50(),
              cell.p50Ratio(),
              difference.value(),
              difference.low(),
              difference.high(),
              p99 == null ? "–" : p99,
              cell.sampleCount(),
              added == null
                  ? "–"
                  : String.format(Locale.ROOT, "%.2f ± %.2f", added.micros(), added.microsError()),
              added == null ? "–" : String.format(Locale.ROOT, "%.0f", added.bytes())));
    }
  }

  private OverheadReport() {}
}
