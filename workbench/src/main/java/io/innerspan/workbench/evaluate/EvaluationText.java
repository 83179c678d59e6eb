package io.innerspan.workbench.evaluate;

import io.innerspan.workbench.stats.CertifiedThreshold;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** An evaluation for people. */
public final class EvaluationText {
  private static final int BAR = 40;

  private final EvaluationReport report;
  private final PrintWriter out;

  private EvaluationText(EvaluationReport report, PrintWriter out) {
    this.report = report;
    this.out = out;
  }

  /** Prints everything. */
  public static void print(EvaluationReport report, PrintWriter out) {
    EvaluationText text = new EvaluationText(report, out);
    text.data();
    text.methods();
    text.flags();
    text.points();
    text.threshold();
    text.calibration();
    text.latency();
    text.layers();
    text.sources();
    text.line("gate: %s: %s", report.passes() ? "passed" : "FAILED", report.gateReason());
    out.flush();
  }

  private void data() {
    EvaluationReport.Data data = report.data();
    line(
        "%s, probe %s at %s, digest %s",
        report.pack().label(),
        report.probe().id(),
        report.probe().hookPoints().get(0),
        report.pack().digest());
    line(
        "%s: tested %d positive and %d other rows in %d groups, of %d rows",
        data.file(), data.positives(), data.others(), data.groups(), data.rows());
    if (!data.enough()) {
      line(
          "  ! %d groups of positive and %d of other rows: too few to tell, at least %d of each",
          data.positiveGroups(), data.otherGroups(), EvaluationReport.FEWEST_GROUPS);
    }
    Exclusion excluded = data.excluded();
    line(
        "  left out: %s seen by the pack, %d in the training file, %d without a reading; %d copies of a text %s",
        excluded.digests() ? "" + excluded.byPack() : "unknown how many (the pack has no digests)",
        excluded.byTraining(),
        data.silent(),
        excluded.copies(),
        excluded.kept() ? "stay with their group" : "left out");
    line(
        "  baselines learnt from %s",
        data.trainFile() == null
            ? "the tested data crosswise, in " + data.folds() + " folds of whole groups"
            : data.trainFile() + ", " + data.trainRows() + " rows");
  }

  private void methods() {
    line("%-28s %-25s %-25s %s", "", "AUROC", "PR-AUC", "probe's AUROC minus its");
    line("%-28s %s %s", "probe", Shown.interval(report.auroc()), Shown.interval(report.prAuc()));
    for (BaselineResult baseline : report.baselines()) {
      line(
          "%-28s %s %s %s",
          baseline.key(),
          Shown.interval(baseline.auroc()),
          Shown.interval(baseline.prAuc()),
          Shown.interval(baseline.difference()));
    }
  }

  private void flags() {
    for (BaselineResult baseline : report.baselines()) {
      if (baseline.asGood()) {
        line(
            "  ! %s does as well as the probe: the test does not tell them apart",
            baseline.title());
      }
    }
  }

  private void points() {
    for (OperatingPoint point : report.points()) {
      CertifiedThreshold certified = point.certified();
      if (certified.logit() == null) {
        line(
            "TPR at %s FPR: refused: needs %d independent benign rows, %d certify %s at best",
            Shown.percent(certified.rate()),
            CertifiedThreshold.fewestUnits(certified.rate()),
            certified.units(),
            Shown.percent(certified.upperBound()));
      } else {
        line(
            "TPR at %s FPR: %s; %d independent benign rows certify at most %s; measured on others: %s",
            Shown.percent(certified.rate()),
            Shown.interval(point.truePositives()).strip(),
            certified.units(),
            Shown.percent(certified.upperBound()),
            Shown.rate(point.falsePositives()));
      }
    }
  }

  private void threshold() {
    InForce inForce = report.inForce();
    line(
        "at score %.6f (%s): TPR %s, FPR %s",
        inForce.score(),
        inForce.origin().equals("pack")
            ? "the pack's threshold"
            : "the strictest that benign rows give, certified " + Shown.percent(inForce.bound()),
        Shown.rate(inForce.truePositives()),
        Shown.rate(inForce.falsePositives()));
    buckets("tokens", report.byLength());
    report.bySlice().forEach(this::buckets);
  }

  private void buckets(String what, List<InForce.Bucket> buckets) {
    for (InForce.Bucket bucket : buckets) {
      line("  FPR of %s %s: %s", what, bucket.name(), Shown.rate(bucket.rate()));
    }
  }

  private void calibration() {
    line(
        "ECE %s, Brier %s",
        Shown.interval(report.calibration().ece()).strip(),
        Shown.interval(report.calibration().brier()).strip());
    report
        .calibration()
        .curve()
        .forEach(
            bin ->
                line(
                    "  scores %.1f to %.1f: mean %.3f, positive %.3f of %d",
                    bin.from(), bin.to(), bin.probability(), bin.positives(), bin.rows()));
  }

  private void latency() {
    if (report.latency() != null) {
      line(
          "latency of one text, one thread, median of %d: %.3f ms without, %.3f ms with the probe, %.3f ms added",
          report.latency().texts(),
          report.latency().plainMillis(),
          report.latency().probedMillis(),
          report.latency().addedMillis());
    }
  }

  private void layers() {
    for (LayerCurve.Layer layer : report.layers()) {
      int filled = (int) Math.round(BAR * Math.max(0, 2 * layer.accuracy() - 1));
      line(
          "%-40s |%-" + BAR + "s| accuracy %.4f, AUROC %.4f",
          layer.hookPoint(),
          "#".repeat(filled),
          layer.accuracy(),
          layer.auroc());
    }
    if (!report.layers().isEmpty()) {
      line("  accuracy is balanced over the labels; the bar begins at .5");
    }
  }

  private void sources() {
    for (CrossSource.Source source : report.sources()) {
      line(
          "source %s (%d rows, %d positive): probe %s; learnt from %d rows of the other sources: probe %s%s",
          source.source(),
          source.rows(),
          source.positives(),
          Shown.interval(source.probe()).strip(),
          source.taught(),
          Shown.interval(source.refit()).strip(),
          baselines(source));
      if (source.best() != null) {
        line(
            "  probe's AUROC minus that of %s: %s",
            source.best(), Shown.interval(source.difference()).strip());
      }
    }
  }

  private static String baselines(CrossSource.Source source) {
    StringBuilder text = new StringBuilder();
    source
        .baselines()
        .forEach((key, auroc) -> text.append(", " + key + " " + Shown.number(auroc.value())));
    return text.toString();
  }

  private void line(String format, Object... values) {
    out.println(String.format(Locale.ROOT, format, values));
  }
}
