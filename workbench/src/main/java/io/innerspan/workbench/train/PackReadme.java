package io.innerspan.workbench.train;

import io.innerspan.signals.AttentionProbe;
import io.innerspan.signals.Calibration;
import io.innerspan.signals.MlpProbe;
import io.innerspan.signals.Probe;
import io.innerspan.workbench.data.Part;
import java.math.BigDecimal;
import java.util.Locale;

/** The pack's README: every number that was measured, how, and what it does not say. */
final class PackReadme {
  private final TrainOptions options;
  private final Trained trained;
  private final String dataDigest;
  private final StringBuilder text = new StringBuilder();

  PackReadme(TrainOptions options, Trained trained, String dataDigest) {
    this.options = options;
    this.trained = trained;
    this.dataDigest = dataDigest;
  }

  String text() {
    Probe probe = trained.probe();
    line("# %s %s", options.name(), options.version());
    line("");
    line(
        "A probe pack for `%s`. Its probe `%s` says how strongly the model's activations speak for"
            + " `%s` rather than `%s`.",
        options.model().getFileName(), probe.id(), probe.positiveLabel(), probe.negativeLabel());
    line("Written by `%s`; the manifest is `probe.json`.", options.tool());
    line("");
    probe();
    MeasuredNumbers.write(options, trained, text);
    data();
    limits();
    reproduce();
    return text.toString();
  }

  private void probe() {
    Probe probe = trained.probe();
    Candidate chosen = trained.chosen();
    line("## The probe");
    line("");
    line("| | |");
    line("|---|---|");
    line("| hook point | `%s` |", chosen.hookPoint());
    line("| tokens | %s |", tokens(probe, chosen));
    line(
        "| learner | %s%s%s |",
        chosen.learner().title(),
        strength(chosen),
        options.learning().balanced() && chosen.learner().weighsRows()
            ? "; both labels' rows weigh the same in sum"
            : "");
    line("| calibration | %s |", calibration());
    line(
        "| chosen from | %d candidates (place × pooling × learner × strength), of which %d are stable, by AUROC %s: %s, log loss %s |",
        trained.tried(),
        trained.stable(),
        options.learning().folds() == 1
            ? "on the validation part"
            : "crosswise over "
                + options.learning().folds()
                + " folds of training and validation part",
        number(chosen.auroc()),
        number(chosen.loss()));
    line("");
    line(
        "The chosen one is then learnt again on training and validation part together, as are the"
            + " baselines. Candidates whose pooling is of logits, such as max, are learnt on those tokens of each"
            + " training text that decide the pooled logit of the place's mean probe (one step of"
            + " multiple-instance learning), and judged by their own pooled logits. A candidate is stable when single precision leaves its logits"
            + " within the tolerance of 1e-5: its terms do not cancel out to rounding.");
    line("");
  }

  private static String tokens(Probe probe, Candidate chosen) {
    if (probe instanceof MlpProbe mlp) {
      return String.format(
          Locale.ROOT, "%s of what %d units make of each token", chosen.reads(), mlp.mlp().out());
    }
    return probe instanceof AttentionProbe attention
        ? attention.heads() + heads(attention.rule())
        : chosen.reads();
  }

  private static String heads(AttentionProbe.Rule rule) {
    return switch (rule.kind()) {
      case ATTENTION -> " heads attend to all tokens";
      case MULTIMAX -> " heads each take their greatest value";
      case ROLLING_ATTENTION -> " heads attend within the best " + rule.window() + " tokens";
    };
  }

  private static String strength(Candidate chosen) {
    return Double.isNaN(chosen.c())
        ? ""
        : ", "
            + chosen.learner().strengthName()
            + " = "
            + plain(chosen.c())
            + "; the scaler is folded into the weights";
  }

  private String calibration() {
    if (trained.probe().calibration() instanceof Calibration.Platt platt) {
      return String.format(
          Locale.ROOT,
          "Platt, on the calibration part: σ(%.4f · logit %+.4f)",
          platt.a(),
          platt.b());
    }
    return "none: on the calibration part the score does not rise with the label";
  }

  private void data() {
    line("## Data");
    line("");
    line("`%s`, SHA-256 `%s`.", options.data().getFileName(), dataDigest);
    line(
        "%d texts in %d groups; groups that share a text are joined, no group is in two parts.",
        trained.rows(), trained.groups());
    line("");
    line("| part | `%s` rows | groups of them | other rows | groups of them |", options.positive());
    line("|---|---|---|---|---|");
    for (Part part : Part.values()) {
      PartData rows = trained.part(part);
      line(
          "| %s | %d | %d | %d | %d |",
          part.label(), rows.count(true), rows.groups(true), rows.count(false), rows.groups(false));
    }
    line("");
    line("The golden inputs are token ids of texts of the training part.");
    line("");
  }

  private void limits() {
    line("## Limits");
    line("");
    line(
        "- All parts come from one source. Other templates are not another source: probes with .998"
            + " inside their data collapse under a change of style when they learnt cues"
            + " (arXiv 2605.27958). Measure on your own traffic before you rely on a number above.");
    line("- Simple text classifiers often match probes (arXiv 2509.03888): see the baselines.");
    line(
        "- A probe is no security boundary. Obfuscated activations took the recall of such monitors"
            + " from 100 %% to 0 (arXiv 2412.09565).");
    line(
        "- The threshold's rate holds for benign texts like those of the data; texts about the subject"
            + " itself are the likeliest false positives.");
    line(
        "- The model sees the first %d tokens of a text, special tokens included; the rest is not"
            + " scored when the application truncates as LangChain4j does.",
        trained.maxTokens());
    line("");
  }

  private void reproduce() {
    line("## Reproduce");
    line("");
    line("```");
    line("%s", options.command());
    line("```");
    line("");
    line("On one machine the same inputs give the same bytes.");
  }

  private void line(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  private static String plain(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }
}
