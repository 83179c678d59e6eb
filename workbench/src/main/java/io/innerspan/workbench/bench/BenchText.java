package io.innerspan.workbench.bench;

import io.innerspan.workbench.stats.Interval;
import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A benchmark for people. */
public final class BenchText {
  /** Prints everything. */
  public static void print(BenchResult result, PrintWriter out) {
    line(
        out,
        "%s at %s: %d concepts, %d texts to learn from, %d to test on; left out: %d rows that repeat a text, %d labels of too few texts",
        result.data(),
        result.hookPoint(),
        result.concepts().size(),
        result.learnt(),
        result.tested(),
        result.repeated(),
        result.left());
    line(out, "");
    line(
        out,
        "%-52s %-24s %s",
        "concept detection, mean AUROC",
        "measured",
        "AxBench, not comparable");
    for (Detector detector : Detector.values()) {
      Interval interval = result.detection().get(detector);
      if (interval != null || detector == Detector.PROMPT) {
        Double paper = detector.paper();
        line(
            out,
            "%-52s %-24s %s",
            detector.title(),
            interval == null ? "not run" : shown(interval),
            paper == null ? "-" : String.format(Locale.ROOT, "%.3f", paper));
      }
    }
    line(out, "%s", Published.AXBENCH);
    if (!result.autoencoders().isEmpty()) {
      autoencoders(result, out);
    }
    out.flush();
  }

  private static void autoencoders(BenchResult result, PrintWriter out) {
    line(out, "");
    line(
        out,
        "%-20s %9s %8s %7s %9s   k-sparse probing, mean AUROC at k = 1, 2, 5",
        "autoencoders",
        "explained",
        "L0",
        "alive",
        "recovered");
    for (BenchResult.Autoencoder each : result.autoencoders()) {
      StringBuilder probing = new StringBuilder();
      each.probing().values().forEach(of -> probing.append("  ").append(shown(of)));
      line(
          out,
          "%-20s %9s %8.1f %6.1f%% %9s  %s%s",
          each.name(),
          number(each.explained()),
          each.l0(),
          100 * each.alive(),
          number(each.loss() == null ? null : each.loss().recoveredFromMean()),
          probing,
          Boolean.TRUE.equals(each.sawTheData()) ? "  ! trained on this file" : "");
    }
    line(out, "SAEBench, not comparable; k-sparse probing: mean accuracy");
    for (PublishedAutoencoder each : PublishedAutoencoder.ALL) {
      StringBuilder probing = new StringBuilder();
      each.probing()
          .values()
          .forEach(of -> probing.append(String.format(Locale.ROOT, "  %.3f", of)));
      line(
          out,
          "%-20s %9s %8s %7s %9s  %s  %s",
          each.name(),
          number(each.explained()),
          each.l0() == null ? "-" : String.format(Locale.ROOT, "%.1f", each.l0()),
          "-",
          number(each.loss()),
          probing.isEmpty() ? "  -      -      -" : probing,
          each.model());
    }
    line(out, "%s", Published.SAEBENCH);
  }

  private static String shown(Interval interval) {
    return Double.isFinite(interval.low())
        ? String.format(
            Locale.ROOT, "%.3f [%.3f, %.3f]", interval.value(), interval.low(), interval.high())
        : String.format(Locale.ROOT, "%.3f", interval.value());
  }

  private static String number(@Nullable Double value) {
    return value == null ? "-" : String.format(Locale.ROOT, "%.4f", value);
  }

  private static void line(PrintWriter out, String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values).stripTrailing());
  }

  private BenchText() {}
}
