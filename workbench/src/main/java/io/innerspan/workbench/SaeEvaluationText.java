package io.innerspan.workbench;

import io.innerspan.workbench.sae.LossRecovered;
import io.innerspan.workbench.sae.SaeEvaluation;
import io.innerspan.workbench.sae.SeedResult;
import io.innerspan.workbench.sae.SparseProbing;
import io.innerspan.workbench.stats.Interval;
import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What {@code sae evaluate} prints for people. */
final class SaeEvaluationText {
  private final SaeEvaluation evaluation;
  private final PrintWriter out;

  SaeEvaluationText(SaeEvaluation evaluation, PrintWriter out) {
    this.evaluation = evaluation;
    this.out = out;
  }

  void print() {
    out.println(evaluation.hookPoint() + ", " + evaluation.features() + " features");
    out.println(
        String.format(
            Locale.ROOT,
            "  %-20s %9s %7s %7s %9s %22s",
            "",
            "explained",
            "active",
            "alive",
            "recovered",
            evaluation.positive() == null ? "" : "AUROC, k = 1, 2, 5, with 95 % intervals"));
    evaluation.seeds().forEach(this::line);
    if (evaluation.seeds().size() > 1) {
      out.println(
          String.format(
              Locale.ROOT,
              "  %-20s %9.4f (%.4f to %.4f)",
              "mean of the seeds",
              evaluation.mean(seed -> seed.heldOut().explained()),
              evaluation.least(seed -> seed.heldOut().explained()),
              evaluation.greatest(seed -> seed.heldOut().explained())));
    }
    out.println("  controls");
    for (SaeEvaluation.Control control : evaluation.controls()) {
      line(control.mean());
      if (control.draws().size() > 1) {
        out.println(
            String.format(
                Locale.ROOT,
                "  %-20s %9s (%.4f to %.4f)",
                "  " + control.draws().size() + " draws",
                "",
                control.least(draw -> draw.heldOut().explained()),
                control.greatest(draw -> draw.heldOut().explained())));
      }
    }
    if (!evaluation.aboveUntrained().isEmpty()) {
      StringBuilder above = new StringBuilder("  AUROC above the untrained model's:");
      evaluation
          .aboveUntrained()
          .forEach((k, each) -> above.append(" k = ").append(k).append(signed(each)));
      out.println(above);
    }
    if (!evaluation.enoughSeeds()) {
      out.println(
          "  ! "
              + evaluation.seeds().size()
              + " of at least "
              + SaeEvaluation.FEWEST_SEEDS
              + " seeds: how far a number of theirs is from a control's is not known");
    }
    for (SaeEvaluation.Agreement each : evaluation.agreement()) {
      out.println(
          String.format(
              Locale.ROOT,
              "  %s and %s: mean best cosine %.3f, %.0f %% of features above 0.7",
              each.first(),
              each.second(),
              each.mean(),
              100 * each.above()));
    }
    LossRecovered loss = evaluation.seeds().get(0).loss();
    if (loss != null) {
      out.println(
          String.format(
              Locale.ROOT,
              "  loss of %s (%s, %d texts): original %.4f, reconstructed %.4f, mean ablated %.4f, zero"
                  + " ablated %.4f",
              evaluation.seeds().get(0).name(),
              loss.measure().name().toLowerCase(Locale.ROOT),
              loss.texts(),
              loss.original(),
              loss.reconstructed(),
              loss.mean(),
              loss.zero()));
    }
  }

  private void line(SeedResult result) {
    out.println(
        String.format(
            Locale.ROOT,
            "  %-20s %9.4f %7.1f %6.1f%% %9s %22s",
            result.name(),
            result.heldOut().explained(),
            result.l0(),
            100 * result.alive(),
            result.loss() == null
                ? "-"
                : String.format(Locale.ROOT, "%.4f", result.loss().recoveredFromMean()),
            probing(result.probing())));
  }

  private static String probing(@Nullable SparseProbing probing) {
    if (probing == null) {
      return "";
    }
    StringBuilder text = new StringBuilder();
    probing.auroc().values().forEach(auroc -> text.append(shown(auroc)));
    return Double.isNaN(probing.all().value())
        ? text.toString()
        : text + " all" + shown(probing.all());
  }

  private static String signed(Interval difference) {
    return String.format(
        Locale.ROOT,
        " %+.3f [%+.3f, %+.3f]",
        difference.value(),
        difference.low(),
        difference.high());
  }

  private static String shown(Interval auroc) {
    return String.format(
        Locale.ROOT, " %.3f [%.3f, %.3f]", auroc.value(), auroc.low(), auroc.high());
  }
}
