package io.innerspan.workbench.train;

import io.innerspan.workbench.stats.CertifiedThreshold;
import io.innerspan.workbench.stats.Evaluation;
import io.innerspan.workbench.stats.GroupBootstrap;
import io.innerspan.workbench.stats.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The parts of a pack's README that tell what was measured, and where the threshold is from. */
final class MeasuredNumbers {
  private final TrainOptions options;
  private final Trained trained;
  private final StringBuilder text;

  private MeasuredNumbers(TrainOptions options, Trained trained, StringBuilder text) {
    this.options = options;
    this.trained = trained;
    this.text = text;
  }

  /** Appends both parts. */
  static void write(TrainOptions options, Trained trained, StringBuilder text) {
    MeasuredNumbers numbers = new MeasuredNumbers(options, trained, text);
    numbers.numbers();
    numbers.threshold();
  }

  private void numbers() {
    line("## Measured on the test part");
    line("");
    line(
        "Brackets hold 95 %% intervals from %d bootstrap resamples of whole groups, so that texts of"
            + " one template do not pass for independent ones. Baselines are learnt on the same"
            + " rows; their calibration and thresholds are made in the same way.",
        GroupBootstrap.RESAMPLES);
    line("");
    line("| | AUROC | TPR at the threshold | FPR at the threshold | FPR bound | ECE | Brier |");
    line("|---|---|---|---|---|---|---|");
    List<Method> methods = new ArrayList<>();
    methods.add(trained.result());
    methods.addAll(trained.baselines());
    for (Method method : methods) {
      Evaluation evaluation = method.evaluation();
      line(
          "| %s | %s | %s | %s | %s | %s | %s |",
          method.title(),
          interval(evaluation.auroc()),
          interval(evaluation.truePositiveRate()),
          interval(evaluation.falsePositiveRate()),
          bound(method),
          interval(evaluation.ece()),
          interval(evaluation.brier()));
    }
    line("");
    line(
        "AUROC of the probe minus that of the best baseline (%s): %s; minus that of the best baseline"
            + " that sees the text only (%s): %s. The differences are paired. An interval that holds 0"
            + " says that the test does not tell the two apart.",
        trained.toBest().baseline().title(),
        interval(trained.toBest().difference()),
        trained.toBestText().baseline().title(),
        interval(trained.toBestText().difference()));
    line("");
    line(
        "*FPR bound*: with 95 %% confidence (Clopper–Pearson) the true false-positive rate is at most"
            + " this, by independent benign rows (one of each group, drawn by the seed; in brackets those"
            + " at or over the threshold). It also speaks where no false positive was seen, which the"
            + " bootstrap cannot. ECE in ten bins of equal width; resampling adds to it, so that its"
            + " interval may lie above it. Probabilities are calibrated to the"
            + " data's own share of `%s`; where it is rarer, a score promises too much.",
        options.positive());
    line("");
  }

  private void threshold() {
    CertifiedThreshold certified = trained.result().threshold();
    String rate = percent(certified.rate());
    line("## Threshold");
    line("");
    if (certified.logit() == null) {
      line(
          "None. A false-positive rate of %s needs at least %d independent benign rows (one of each"
              + " group); the calibration part holds %d, which certify a rate of at most %s (95 %%) even"
              + " when none exceeds the threshold. A greater `--target-fpr` gives a threshold.",
          rate,
          CertifiedThreshold.fewestUnits(certified.rate()),
          certified.units(),
          percent(certified.upperBound()));
    } else {
      line(
          "Score ≥ %s. It is taken from the calibration part's %d independent benign rows (one of each"
              + " group, drawn by the seed), none of which was learnt from: the smallest threshold at or"
              + " over which no more than %d of them lie, which certifies with 95 %% confidence a true"
              + " false-positive rate of at most %s (asked for: %s). This is a tolerance bound for texts"
              + " like these, not the raw percentile.",
          Objects.requireNonNull(trained.probe().threshold()).score(),
          certified.units(),
          certified.exceeding(),
          percent(certified.upperBound()),
          rate);
      line("The calibration is increasing, so that it and the threshold may share their rows.");
    }
    line("");
  }

  private void line(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static String interval(@Nullable Interval interval) {
    if (interval == null) {
      return "–";
    }
    return String.format(
        Locale.ROOT,
        "%s [%s, %s]",
        number(interval.value()),
        number(interval.low()),
        number(interval.high()));
  }

  private static String bound(Method method) {
    Double bound = method.falsePositiveBound();
    return bound == null
        ? "–"
        : String.format(
            Locale.ROOT, "≤ %s (%d of %d)", number(bound), method.benignOver(), method.benign());
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private static String percent(double rate) {
    return String.format(Locale.ROOT, "%.2f %%", 100 * rate);
  }
}
