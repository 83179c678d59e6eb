package io.innerspan.workbench.packs;

import io.innerspan.signals.Calibration;
import io.innerspan.signals.Probe;
import io.innerspan.signals.Threshold;
import io.innerspan.signals.pack.Metric;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.pack.ProbeReport;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The part of a card that tells how good a probe is. */
final class CardNumbers {
  /** What the names of counts end with, as {@code train} writes them. */
  private static final String COUNT = "_rows";

  private final Probe probe;
  private final ProbeReport report;
  private final StringBuilder text = new StringBuilder();

  private CardNumbers(ProbePack pack, Probe probe) {
    this.probe = probe;
    this.report = pack.report(probe.id());
  }

  static String of(ProbePack pack, Probe probe) {
    CardNumbers numbers = new CardNumbers(pack, probe);
    numbers.line("## How good `%s` is", probe.id());
    numbers.line("");
    numbers.measured();
    numbers.others();
    numbers.calibration();
    numbers.thresholds();
    return numbers.text.toString();
  }

  private void measured() {
    if (report.metrics().isEmpty()) {
      line("The pack has no measurement of it.");
      line("");
      return;
    }
    Map<String, Map<String, Metric>> baselines = byBaseline();
    line("The numbers of its manifest, each with its interval.");
    line("");
    line("| | probe%s |", header(baselines.keySet()));
    line("|---|---%s|", "|---".repeat(baselines.size()));
    report
        .metrics()
        .forEach(
            (name, metric) -> {
              if (!name.endsWith(COUNT)) {
                StringBuilder row = new StringBuilder("| " + name + " | " + shown(metric));
                baselines.values().forEach(each -> row.append(" | ").append(shown(each.get(name))));
                line("%s |", row);
              }
            });
    line("");
  }

  /** Counts of rows, and numbers of baselines that the probe has not. */
  private void others() {
    Map<String, Metric> others = new TreeMap<>();
    report
        .metrics()
        .forEach(
            (name, metric) -> {
              if (name.endsWith(COUNT)) {
                others.put(name, metric);
              }
            });
    report
        .baselines()
        .forEach(
            (name, metric) -> {
              if (metricOf(name).isEmpty()) {
                others.put("baseline " + name, metric);
              }
            });
    if (!others.isEmpty()) {
      line("| | |");
      line("|---|---|");
      others.forEach((name, metric) -> line("| %s | %s |", name, shown(metric)));
      line("");
    }
  }

  private static String header(Iterable<String> baselines) {
    StringBuilder header = new StringBuilder();
    baselines.forEach(name -> header.append(" | ").append(name));
    return header.toString();
  }

  /** {@code tf_idf_auroc} is the AUROC of the baseline {@code tf_idf}. */
  private Map<String, Map<String, Metric>> byBaseline() {
    Map<String, Map<String, Metric>> baselines = new TreeMap<>();
    report
        .baselines()
        .forEach(
            (name, metric) -> {
              String of = metricOf(name);
              if (!of.isEmpty()) {
                String baseline = name.substring(0, name.length() - of.length() - 1);
                baselines.computeIfAbsent(baseline, any -> new LinkedHashMap<>()).put(of, metric);
              }
            });
    return baselines;
  }

  /** The probe's metric that a baseline's number is of, or empty. */
  private String metricOf(String baseline) {
    return report.metrics().keySet().stream()
        .filter(metric -> baseline.endsWith("_" + metric))
        .max(Comparator.comparingInt(String::length))
        .orElse("");
  }

  private static String shown(@Nullable Metric metric) {
    if (metric == null) {
      return "–";
    }
    if (metric.low() == metric.high()) {
      return metric.value() == Math.rint(metric.value())
          ? String.format(Locale.ROOT, "%.0f", metric.value())
          : String.format(Locale.ROOT, "%.4f", metric.value());
    }
    return String.format(
        Locale.ROOT, "%.4f [%.4f, %.4f]", metric.value(), metric.low(), metric.high());
  }

  private void calibration() {
    Calibration calibration = probe.calibration();
    String how = "none: the score is the logistic function of the raw logit, no probability";
    if (calibration instanceof Calibration.Platt platt) {
      how = String.format(Locale.ROOT, "Platt, σ(%.4f · logit %+.4f)", platt.a(), platt.b());
    } else if (calibration instanceof Calibration.Temperature temperature) {
      how = String.format(Locale.ROOT, "temperature, σ(logit / %.4f)", temperature.t());
    } else if (calibration instanceof Calibration.Isotonic isotonic) {
      how = "isotonic, " + isotonic.points().size() + " points";
    }
    line("Calibration: %s.", how);
    line("");
  }

  private void thresholds() {
    List<Threshold> thresholds = new ArrayList<>();
    if (probe.threshold() != null) {
      thresholds.add(probe.threshold());
    }
    thresholds.addAll(report.otherThresholds());
    if (thresholds.isEmpty()) {
      line("It has no threshold: it gives scores, and no label is certified.");
    } else {
      line("| `%s` from score | false positives asked for | certified |", probe.positiveLabel());
      line("|---|---|---|");
      for (int i = 0; i < thresholds.size(); i++) {
        Threshold threshold = thresholds.get(i);
        line(
            "| %s%s | %s | %s |",
            threshold.score(),
            i == 0 && thresholds.size() > 1 ? " (in force)" : "",
            percent(threshold.targetFpr()),
            certified(threshold.certificate()));
      }
    }
    line("");
  }

  private static String certified(Threshold.@Nullable Certificate certificate) {
    return certificate == null
        ? "nothing was measured"
        : String.format(
            Locale.ROOT,
            "at most %s with %.0f %% confidence, from %d independent benign rows",
            percent(certificate.fprUpperBound()),
            100 * certificate.confidence(),
            certificate.n());
  }

  private static String percent(double rate) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * rate);
  }

  private void line(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
