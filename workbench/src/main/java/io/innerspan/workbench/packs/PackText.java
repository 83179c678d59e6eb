package io.innerspan.workbench.packs;

import io.innerspan.signals.AttentionProbe;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.MlpProbe;
import io.innerspan.signals.Probe;
import io.innerspan.signals.Signal;
import io.innerspan.signals.Threshold;
import io.innerspan.signals.pack.Metric;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.signals.pack.SeenData;
import io.innerspan.signals.pack.TrainingData;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/** What a pack holds, for people. */
public final class PackText {
  /** Prints everything but the weights. */
  public static void print(ProbePack pack, PrintWriter out) {
    out.println(pack.label() + ", digest " + pack.digest() + ", licence " + pack.licence());
    if (pack.description() != null) {
      out.println("  " + pack.description());
    }
    out.println("  model " + pack.model().name() + ", sha256:" + pack.model().sha256());
    if (pack.tokenizer() != null) {
      out.println("  tokenizer sha256:" + pack.tokenizer().sha256());
    }
    TrainingData data = pack.trainingData();
    if (data != null) {
      SeenData seen = data.seen();
      out.println(
          "  trained on "
              + data.rows()
              + " rows, sha256:"
              + data.sha256()
              + (seen == null
                  ? "; no digests of them"
                  : "; digests of "
                      + seen.texts().elements()
                      + " texts and "
                      + seen.groups().elements()
                      + " groups"));
    }
    out.println("  golden inputs: " + pack.goldenInputs().size());
    if (!pack.canaries().isEmpty()) {
      TreeSet<String> architectures = new TreeSet<>();
      pack.canaries().forEach(canary -> architectures.addAll(canary.readings().keySet()));
      out.println("  canaries: " + pack.canaries().size() + ", with readings on " + architectures);
    }
    for (Signal signal : pack.signals()) {
      out.println(signal.id() + ": " + PackJson.kind(signal) + " at " + signal.hookPoints());
      if (signal instanceof Probe probe) {
        probe(pack, probe, out);
      }
    }
    metrics("", pack.evaluation(), out);
  }

  /** One line about a probe: where it reads, and how. */
  public static String line(Probe probe) {
    String how = "";
    if (probe instanceof LinearProbe linear) {
      how = ", " + linear.pooling() + " pooling";
    } else if (probe instanceof MlpProbe mlp) {
      how = ", " + mlp.readout().pooling() + " pooling of an MLP of " + mlp.mlp().layers();
    } else if (probe instanceof AttentionProbe attention) {
      how = ", " + attention.rule() + ", " + attention.heads() + " heads";
    }
    return "probe " + probe.id() + " at " + probe.hookPoint() + how;
  }

  private static void probe(ProbePack pack, Probe probe, PrintWriter out) {
    Threshold threshold = probe.threshold();
    out.println(
        "  "
            + probe.positiveLabel()
            + " against "
            + probe.negativeLabel()
            + ", "
            + probe.width()
            + " wide, "
            + (threshold == null
                ? "no threshold"
                : "threshold "
                    + threshold.score()
                    + " for a false-positive rate of "
                    + threshold.targetFpr()));
    metrics("  ", pack.report(probe.id()).metrics(), out);
    metrics("  baseline ", pack.report(probe.id()).baselines(), out);
  }

  private static void metrics(String prefix, Map<String, Metric> metrics, PrintWriter out) {
    metrics.forEach(
        (name, metric) ->
            out.println(
                String.format(
                    Locale.ROOT,
                    "%s%s %.4f [%.4f, %.4f]",
                    prefix,
                    name,
                    metric.value(),
                    metric.low(),
                    metric.high())));
  }

  private PackText() {}
}
