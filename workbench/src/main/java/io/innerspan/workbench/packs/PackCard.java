package io.innerspan.workbench.packs;

import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.MlpProbe;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Probe;
import io.innerspan.signals.Signal;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.pack.SeenData;
import io.innerspan.signals.pack.TrainingData;
import java.util.Locale;

/**
 * A pack's model card in Markdown: what it measures, what it was made of, how good that is, and
 * what is not known of it. Everything comes from the manifest; the same pack gives the same card.
 */
public final class PackCard {
  private final ProbePack pack;
  private final StringBuilder text = new StringBuilder();

  private PackCard(ProbePack pack) {
    this.pack = pack;
  }

  /** The card. */
  public static String of(ProbePack pack) {
    PackCard card = new PackCard(pack);
    card.identity();
    card.signals();
    card.training();
    pack.probes().forEach(probe -> card.text.append(CardNumbers.of(pack, probe)));
    card.proof();
    card.limits();
    return card.text.toString();
  }

  private void identity() {
    line("# %s", pack.label());
    line("");
    if (pack.description() != null) {
      line("%s", Markdown.text(pack.description()));
      line("");
    }
    line("| | |");
    line("|---|---|");
    line("| licence | %s |", Markdown.text(pack.licence()));
    line("| pack | `sha256:%s`, which is its identity |", pack.digest());
    line("| model | %s, `sha256:%s` |", pack.model().name(), pack.model().sha256());
    if (pack.model().structure() != null) {
      line("| its structure | `%s` |", pack.model().structure());
    }
    line(
        "| tokenizer | %s |",
        pack.tokenizer() == null ? "not named" : "`sha256:" + pack.tokenizer().sha256() + "`");
    line("");
  }

  private void signals() {
    line("## What it measures");
    line("");
    line("| signal | kind | where | over | says |");
    line("|---|---|---|---|---|");
    for (Signal signal : pack.signals()) {
      line(
          "| `%s` | %s | `%s` | %s%s | %s |",
          signal.id(),
          PackJson.kind(signal),
          String.join("`, `", signal.hookPoints().stream().map(Object::toString).toList()),
          pooling(signal),
          signal.tokens().isAll() ? "" : ", without the ids " + signal.tokens().excludedIds(),
          signal instanceof Probe probe
              ? Markdown.text(probe.positiveLabel())
                  + " rather than "
                  + Markdown.text(probe.negativeLabel())
              : signal.columnNames().size() + " values");
    }
    line("");
  }

  private static String pooling(Signal signal) {
    Pooling pooling = null;
    if (signal instanceof LinearProbe linear) {
      pooling = linear.pooling();
    } else if (signal instanceof MlpProbe mlp) {
      pooling = mlp.readout().pooling();
    }
    return pooling == null ? "tokens" : "tokens, " + pooling;
  }

  private void training() {
    line("## What it was trained on");
    line("");
    TrainingData data = pack.trainingData();
    if (data == null) {
      line("The pack does not say.");
    } else {
      SeenData seen = data.seen();
      line(
          "%s%d rows, `sha256:%s`.",
          data.description() == null ? "" : Markdown.text(data.description()) + ": ",
          data.rows(),
          data.sha256());
      line(
          "%s",
          seen == null
              ? "It has no digests of what it was fitted to: an evaluation can leave nothing out."
              : String.format(
                  Locale.ROOT,
                  "It has salted digests of the %d texts and %d groups that it was fitted to, which"
                      + " `innerspan evaluate` leaves out.",
                  seen.texts().elements(),
                  seen.groups().elements()));
    }
    line("");
  }

  private void proof() {
    line("## What proves it");
    line("");
    for (Probe probe : pack.probes()) {
      line(
          "- `%s` is recomputed on %d golden activations whenever the pack is read.",
          probe.id(), pack.goldenActivation(probe.id()).rows());
    }
    line(
        pack.goldenInputs().isEmpty()
            ? "- It has no golden inputs: only the model's digest says that it is read where it"
                + " should be."
            : "- "
                + pack.goldenInputs().size()
                + " golden inputs are run on the live model before its first reading.");
    line(
        "- Digests say that nothing was damaged, not who wrote it. Verify it with `innerspan pack"
            + " verify`.");
    line("");
  }

  private void limits() {
    line("## Limits");
    line("");
    for (Probe probe : pack.probes()) {
      if (!pack.report(probe.id()).metrics().containsKey("auroc")) {
        line(
            "- Nobody has measured `%s`: the pack names no AUROC. A probe without an evaluation is a"
                + " random number with a name.",
            probe.id());
      } else if (pack.report(probe.id()).baselines().isEmpty()) {
        line("- `%s` was compared with no baseline.", probe.id());
      }
    }
    if (!pack.probes().isEmpty()) {
      line(
          "- Numbers hold for texts like those that they were measured on. Probes with .998 within"
              + " their source collapse under a change of style when they learnt cues (arXiv"
              + " 2605.27958): measure on your own traffic.");
      line("- Simple text classifiers often match probes (arXiv 2509.03888): see the baselines.");
      line(
          "- A probe is no security boundary. Obfuscated activations took the recall of such monitors"
              + " from 100 %% to 0 (arXiv 2412.09565).");
    }
    line("- It is for the model of the digest above; on any other it gives no reading.");
  }

  private void line(String format, Object... values) {
    text.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
