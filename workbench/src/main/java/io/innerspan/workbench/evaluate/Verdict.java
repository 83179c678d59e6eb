package io.innerspan.workbench.evaluate;

import io.innerspan.workbench.stats.Interval;
import io.innerspan.workbench.stats.Rate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What an evaluation says, in words that need no statistics. */
final class Verdict {
  private final EvaluationReport report;

  Verdict(EvaluationReport report) {
    this.report = report;
  }

  /** The gate's answer in one sentence. */
  String headline() {
    int asGood = report.asGood().size();
    if (report.passes()) {
      return "The gate is open: on these texts the probe is better than everything simpler.";
    }
    if (!report.data().enough()) {
      return "The gate is shut: these are too few texts to tell whether the probe is needed.";
    }
    if (report.best().difference().high() < 0) {
      return "The gate is shut: " + report.best().title() + " is better than the probe.";
    }
    return "The gate is shut: these texts do not show that the probe is needed. "
        + (asGood == 1 ? "One simpler method does" : asGood + " simpler methods do")
        + " as well.";
  }

  /** What that means, a sentence or two each. */
  List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    sentences.add(ranking());
    sentences.add(advantage());
    if (!report.data().enough()) {
      sentences.add(tooFew());
    }
    sentences.add(alarms());
    if (!report.data().excluded().digests()) {
      sentences.add(
          "The pack has no digests of what it was fitted to: rows of its own training may be among"
              + " those tested.");
    }
    return sentences;
  }

  private String ranking() {
    BaselineResult best = report.best();
    return String.format(
        Locale.ROOT,
        "Of a positive text and another one the probe gives the positive one the greater score in"
            + " %s of pairs (95 %% interval %s to %s); the best baseline, %s, in %s.",
        percent(report.auroc().value()),
        percent(report.auroc().low()),
        percent(report.auroc().high()),
        best.title(),
        percent(best.auroc().value()));
  }

  private String advantage() {
    Interval difference = report.best().difference();
    return String.format(
        Locale.ROOT,
        "The difference is %s points, its 95 %% interval %s to %s: %s",
        points(difference.value()),
        points(difference.low()),
        points(difference.high()),
        difference.low() > 0
            ? "above 0."
            : difference.high() < 0 ? "below 0." : "0 is not ruled out, and a tie does not pass.");
  }

  private String tooFew() {
    return String.format(
        Locale.ROOT,
        "Tested were %d groups with positive texts and %d with others; below %d of each an interval"
            + " knows too little of what it has not seen, and the gate stays shut whatever it says.",
        report.data().positiveGroups(),
        report.data().otherGroups(),
        EvaluationReport.FEWEST_GROUPS);
  }

  private String alarms() {
    InForce inForce = report.inForce();
    Rate found = inForce.truePositives();
    Rate wrong = inForce.falsePositives();
    return String.format(
        Locale.ROOT,
        "At the threshold %s it finds %d of %d positive texts and calls %d of %d others positive.",
        inForce.origin().equals("pack")
            ? "that the pack names"
            : "that the benign rows give, as the pack names none,",
        found.over(),
        found.rows(),
        wrong.over(),
        wrong.rows());
  }

  private static String percent(double share) {
    return String.format(Locale.ROOT, "%.1f %%", 100 * share);
  }

  private static String points(double share) {
    return String.format(Locale.ROOT, "%+.1f", 100 * share);
  }
}
