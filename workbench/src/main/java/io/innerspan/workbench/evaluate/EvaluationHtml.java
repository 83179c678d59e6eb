package io.innerspan.workbench.evaluate;

import io.innerspan.workbench.html.Html;
import io.innerspan.workbench.stats.CalibrationCurve;
import io.innerspan.workbench.stats.CertifiedThreshold;
import io.innerspan.workbench.stats.GroupBootstrap;
import io.innerspan.workbench.stats.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** An evaluation as one HTML file that needs no network: what it says in words comes first. */
public final class EvaluationHtml {
  private final EvaluationReport report;
  private final Html html;

  private EvaluationHtml(EvaluationReport report) {
    this.report = report;
    this.html =
        new Html("Probe " + report.probe().id() + " of " + report.pack().label() + ", evaluated");
  }

  /** The whole file. */
  public static String of(EvaluationReport report) {
    EvaluationHtml page = new EvaluationHtml(report);
    page.verdict();
    page.data();
    page.methods();
    page.curves();
    page.points();
    page.alarms();
    page.calibration();
    page.layers();
    page.sources();
    page.latency();
    page.limits();
    page.identity();
    return page.html.end();
  }

  private void verdict() {
    Verdict verdict = new Verdict(report);
    html.verdict(report.passes(), verdict.headline(), verdict.sentences());
  }

  private void data() {
    EvaluationReport.Data data = report.data();
    Exclusion excluded = data.excluded();
    html.heading("What was tested")
        .note(
            data.positives()
                + " positive and "
                + data.others()
                + " other rows in "
                + data.groups()
                + " groups, of the "
                + data.rows()
                + " rows of "
                + data.file()
                + ". Baselines learnt from "
                + (data.trainFile() == null
                    ? "the tested data crosswise, in " + data.folds() + " folds of whole groups."
                    : data.trainFile() + ", " + data.trainRows() + " rows."));
    html.table(
        List.of("left out, and why", "rows"),
        List.of(
            List.of(
                "the pack was fitted to the text, or to one of its group",
                excluded.digests() ? "" + excluded.byPack() : "unknown: no digests"),
            List.of("the baselines learn from it", "" + excluded.byTraining()),
            List.of("none of its tokens gives a reading", "" + data.silent())));
    if (excluded.copies() > 0) {
      html.note(
          "Texts that repeat another tested row's: "
              + excluded.copies()
              + (excluded.kept()
                  ? ". They count as one group with it."
                  : ". They are left out: a text counts once."));
    }
  }

  private void methods() {
    html.heading("The probe and what it must beat");
    html.note(
        "AUROC is the share of pairs of a positive and another row that are ranked right; .5 is a"
            + " coin. Bars are 95 % intervals of "
            + GroupBootstrap.RESAMPLES
            + " resamples of whole groups.");
    html.raw(EvaluationCharts.methods(report));
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "the probe",
            Shown.interval(report.auroc()).strip(),
            Shown.interval(report.prAuc()).strip(),
            "",
            ""));
    for (BaselineResult baseline : report.baselines()) {
      rows.add(
          List.of(
              baseline.title(),
              Shown.interval(baseline.auroc()).strip(),
              Shown.interval(baseline.prAuc()).strip(),
              Shown.interval(baseline.difference()).strip(),
              baseline.asGood() ? "as good" : ""));
    }
    html.table(List.of("", "AUROC", "PR-AUC", "probe's AUROC minus its", ""), rows);
  }

  private void curves() {
    html.heading("What is found at the price of which errors");
    html.raw(EvaluationCharts.curves(report));
  }

  private void points() {
    html.heading("Thresholds that the benign rows certify");
    html.note(
        "Taken from benign rows that nothing else uses, one of each group. A rate that they are too"
            + " few for is refused; the bound beside it is what they do certify, with 95 %"
            + " confidence.");
    List<List<String>> rows = new ArrayList<>();
    for (OperatingPoint point : report.points()) {
      CertifiedThreshold certified = point.certified();
      rows.add(
          List.of(
              Shown.percent(certified.rate()),
              certified.units() + " of " + CertifiedThreshold.fewestUnits(certified.rate()),
              Shown.percent(certified.upperBound()),
              certified.logit() == null ? "refused" : Shown.number(certified.logit()),
              Shown.interval(point.truePositives()).strip(),
              Shown.rate(point.falsePositives())));
    }
    html.table(
        List.of(
            "false positives",
            "benign rows, of those needed",
            "certified",
            "logit from",
            "found",
            "false positives on others"),
        rows);
  }

  private void alarms() {
    InForce inForce = report.inForce();
    html.heading("False alarms by what divides them");
    html.note(
        String.format(
            Locale.ROOT,
            "At score %.6f, %s: found %s, false positives %s. Bounds are Clopper and Pearson's at"
                + " 95 %%, for independent rows.",
            inForce.score(),
            inForce.origin().equals("pack")
                ? "the pack's threshold"
                : "the strictest that the benign rows give, which certify "
                    + Shown.percent(inForce.bound()),
            Shown.rate(inForce.truePositives()),
            Shown.rate(inForce.falsePositives())));
    buckets("tokens", report.byLength());
    report.bySlice().forEach(this::buckets);
  }

  private void buckets(String what, List<InForce.Bucket> buckets) {
    if (buckets.isEmpty()) {
      return;
    }
    html.raw(EvaluationCharts.buckets(what, buckets));
    List<List<String>> rows = new ArrayList<>();
    for (InForce.Bucket bucket : buckets) {
      rows.add(
          List.of(
              bucket.name(),
              "" + bucket.rate().rows(),
              "" + bucket.rate().over(),
              Shown.percent(bucket.rate().value()),
              Shown.percent(bucket.rate().upperBound())));
    }
    html.table(List.of(what, "benign rows", "over", "false positives", "at most"), rows);
  }

  private void calibration() {
    html.heading("Whether a score means what it says");
    html.note(
        "ECE "
            + Shown.interval(report.calibration().ece()).strip()
            + ", Brier score "
            + Shown.interval(report.calibration().brier()).strip()
            + ". On the dashed line a score of .8 is right in 80 % of cases; below it the probe"
            + " promises too much. Where positive rows are rarer than here, so are they at a score.");
    html.raw(EvaluationCharts.calibration(report));
    List<List<String>> rows = new ArrayList<>();
    for (CalibrationCurve.Bin bin : report.calibration().curve()) {
      rows.add(
          List.of(
              String.format(Locale.ROOT, "%.1f to %.1f", bin.from(), bin.to()),
              "" + bin.rows(),
              Html.number(bin.probability(), 3),
              Html.number(bin.positives(), 3)));
    }
    html.table(List.of("scores", "rows", "mean score", "positive"), rows);
  }

  private void layers() {
    if (report.layers().isEmpty()) {
      return;
    }
    html.heading("Where in the model it can be read");
    html.note(
        "A logistic probe learnt at each layer's output as the baselines are. Accuracy is the mean of"
            + " the shares of positive and of other rows that are called so.");
    html.raw(EvaluationCharts.layers(report));
    List<List<String>> rows = new ArrayList<>();
    for (LayerCurve.Layer layer : report.layers()) {
      rows.add(
          List.of(layer.hookPoint(), Shown.number(layer.accuracy()), Shown.number(layer.auroc())));
    }
    html.table(List.of("", "accuracy", "AUROC"), rows);
  }

  private void sources() {
    if (report.sources().isEmpty()) {
      return;
    }
    html.heading("Other sources");
    html.note(
        "Each source tested by what all the others teach: the pack's probe as it is, a probe learnt"
            + " anew at its place, and the baselines. What rests on the cues of a source does not"
            + " travel. Groups with rows in the tested source teach nothing. AUROC with 95 % intervals"
            + " that resample the source's groups; a dash where a source has rows of one label only.");
    html.raw(EvaluationCharts.sources(report));
    List<String> header =
        new ArrayList<>(
            List.of("source", "rows", "positive", "probe", "probe minus best baseline", "anew"));
    List<String> keys =
        report.sources().stream()
            .flatMap(source -> source.baselines().keySet().stream())
            .distinct()
            .toList();
    header.addAll(keys);
    List<List<String>> rows = new ArrayList<>();
    for (CrossSource.Source source : report.sources()) {
      List<String> row = new ArrayList<>(List.of(source.source(), "" + source.rows()));
      row.add("" + source.positives());
      row.add(Shown.interval(source.probe()).strip());
      row.add(Shown.interval(source.difference()).strip());
      row.add(Shown.interval(source.refit()).strip());
      for (String key : keys) {
        Interval auroc = source.baselines().get(key);
        row.add(Shown.number(auroc == null ? null : auroc.value()));
      }
      rows.add(row);
    }
    html.table(header, rows);
  }

  private void latency() {
    if (report.latency() != null) {
      html.heading("What it costs");
      html.note(
          String.format(
              Locale.ROOT,
              "One text on one thread, median of %d: %.3f ms without, %.3f ms with the probe, %.3f ms"
                  + " added.",
              report.latency().texts(),
              report.latency().plainMillis(),
              report.latency().probedMillis(),
              report.latency().addedMillis()));
    }
  }

  private void limits() {
    html.heading("What a good number does not say");
    html.list(
        List.of(
            "Within one source probes reach .998 by cues of its style and collapse outside of it"
                + " (arXiv 2605.27958). Test on another source, and on your own traffic.",
            "Naive Bayes on n-grams often matches probes (arXiv 2509.03888).",
            "Obfuscated activations took such monitors' recall from 100 % to 0 (arXiv 2412.09565). A"
                + " probe is no security boundary."));
  }

  private void identity() {
    html.heading("Of what this is the report");
    html.table(
        List.of("", "SHA-256"),
        List.of(
            List.of("pack " + report.pack().label(), report.pack().digest()),
            List.of("model " + report.pack().model().name(), report.pack().model().sha256()),
            List.of("data " + report.data().file(), report.data().sha256())));
    html.note(
        "Probe "
            + report.probe().id()
            + " at "
            + report.probe().hookPoints().get(0)
            + (report.data().benignFile() == null
                ? "."
                : "; thresholds from " + report.data().benignFile() + "."));
  }
}
