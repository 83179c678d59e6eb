package io.innerspan.workbench.evaluate;

import io.innerspan.workbench.html.Charts;
import io.innerspan.workbench.stats.CalibrationCurve;
import io.innerspan.workbench.stats.Curve;
import io.innerspan.workbench.stats.Interval;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The charts of an evaluation's report. */
final class EvaluationCharts {
  /** More categories than this are told in the table below the chart only. */
  private static final int MOST_BARS = 16;

  static String methods(EvaluationReport report) {
    List<Charts.Range> ranges = new ArrayList<>();
    ranges.add(range("the probe", report.auroc()));
    report.baselines().forEach(each -> ranges.add(range(each.title(), each.auroc())));
    return Charts.ranges("AUROC", "", ranges, 0.5);
  }

  private static Charts.Range range(String name, Interval interval) {
    return new Charts.Range(name, interval.low(), interval.value(), interval.high());
  }

  /** Both curves, side by side where there is room. */
  static String curves(EvaluationReport report) {
    return "<div class=\"pair\">"
        + Charts.shares(
            "ROC",
            "false positives",
            "true positives",
            lines(report, Curves::roc),
            "a coin",
            false,
            false)
        + Charts.shares(
            "Precision and recall",
            "recall",
            "precision",
            lines(report, Curves::precision),
            "",
            false,
            true)
        + "</div>";
  }

  private static List<Charts.Line> lines(EvaluationReport report, Function<Curves, Curve> which) {
    List<Charts.Line> lines = new ArrayList<>();
    lines.add(line("the probe", which.apply(report.curves())));
    report.baselines().forEach(each -> lines.add(line(each.title(), which.apply(each.curves()))));
    return lines;
  }

  private static Charts.Line line(String name, Curve curve) {
    return new Charts.Line(name, curve.x(), curve.y());
  }

  static String buckets(String what, List<InForce.Bucket> buckets) {
    List<InForce.Bucket> shown = buckets.subList(0, Math.min(MOST_BARS, buckets.size()));
    Map<String, List<Double>> series = new LinkedHashMap<>();
    series.put("measured", shown.stream().map(each -> 100 * each.rate().value()).toList());
    series.put("at most", shown.stream().map(each -> 100 * each.rate().upperBound()).toList());
    return Charts.bars(
        "False positives by " + what,
        what,
        "%",
        shown.stream().map(InForce.Bucket::name).toList(),
        series);
  }

  static String calibration(EvaluationReport report) {
    List<CalibrationCurve.Bin> bins = report.calibration().curve();
    return Charts.shares(
        "Calibration",
        "mean score",
        "share that is positive",
        List.of(
            new Charts.Line(
                "the probe",
                bins.stream().mapToDouble(CalibrationCurve.Bin::probability).toArray(),
                bins.stream().mapToDouble(CalibrationCurve.Bin::positives).toArray())),
        "as promised",
        true,
        true);
  }

  static String layers(EvaluationReport report) {
    double[] number = IntStream.range(0, report.layers().size()).asDoubleStream().toArray();
    return Charts.lines(
        "By layer",
        "layer",
        "",
        List.of(
            new Charts.Line(
                "accuracy",
                number,
                report.layers().stream().mapToDouble(LayerCurve.Layer::accuracy).toArray()),
            new Charts.Line(
                "AUROC",
                number,
                report.layers().stream().mapToDouble(LayerCurve.Layer::auroc).toArray())));
  }

  /** Sources with both labels; empty without one. */
  static String sources(EvaluationReport report) {
    List<CrossSource.Source> shown =
        report.sources().stream()
            .filter(source -> source.probe() != null && source.refit() != null)
            .limit(MOST_BARS)
            .toList();
    if (shown.isEmpty()) {
      return "";
    }
    Map<String, List<Double>> series = new LinkedHashMap<>();
    series.put("the probe", values(shown, CrossSource.Source::probe));
    series.put("learnt anew", values(shown, CrossSource.Source::refit));
    for (String key : shown.get(0).baselines().keySet()) {
      series.put(key, values(shown, source -> source.baselines().get(key)));
    }
    return Charts.bars(
        "AUROC on each source by what the others teach",
        "source",
        "",
        shown.stream().map(CrossSource.Source::source).toList(),
        series);
  }

  private static List<Double> values(
      List<CrossSource.Source> sources, Function<CrossSource.Source, @Nullable Interval> number) {
    List<Double> values = new ArrayList<>();
    for (CrossSource.Source source : sources) {
      Interval interval = number.apply(source);
      values.add(interval == null ? 0 : interval.value());
    }
    return values;
  }

  private EvaluationCharts() {}
}
