package io.innerspan.workbench.html;

import io.innerspan.workbench.sae.Activity;
import io.innerspan.workbench.sae.LossPoint;
import io.innerspan.workbench.sae.SaeEvaluation;
import io.innerspan.workbench.sae.SeedResult;
import io.innerspan.workbench.sae.SparseProbing;
import io.innerspan.workbench.sae.TrainingRecord;
import io.innerspan.workbench.stats.Interval;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What {@code sae evaluate --html} writes. */
public final class SaeReport {
  private static final int DECADES = 7;

  /** The report as one HTML file. */
  public static String of(SaeEvaluation evaluation, List<TrainingRecord> records) {
    Html html = new Html("Sparse autoencoders at " + evaluation.hookPoint());
    html.note(
        evaluation.features()
            + " features. Reconstruction and active features are measured on tokens of texts that"
            + " training did not see; alive features on every token of the store. A control says what"
            + " the number is without what training learnt"
            + draws(evaluation));
    if (!evaluation.enoughSeeds()) {
      html.note(
          "There are "
              + evaluation.seeds().size()
              + " of at least "
              + SaeEvaluation.FEWEST_SEEDS
              + " seeds: how far a number of theirs is from a control's is not known.");
    }
    html.heading("Reconstruction").table(header(evaluation), rows(evaluation));
    agreement(html, evaluation);
    curves(html, records);
    density(html, evaluation);
    probing(html, evaluation);
    return html.end();
  }

  private static String draws(SaeEvaluation evaluation) {
    int draws = evaluation.seeds().size();
    return draws == 1
        ? "."
        : "; what is drawn of them is the mean of " + draws + " draws, with the range.";
  }

  private static List<String> header(SaeEvaluation evaluation) {
    List<String> header =
        new ArrayList<>(List.of("", "explained variance", "cosine", "active per token", "alive"));
    if (evaluation.seeds().get(0).loss() != null) {
      header.add("loss recovered");
    }
    return header;
  }

  private static List<List<String>> rows(SaeEvaluation evaluation) {
    List<SeedResult> results = evaluation.all();
    List<List<String>> rows = new ArrayList<>();
    // What reconstructs nothing is a control of probing alone.
    results.removeIf(result -> result.name().equals(SaeEvaluation.DIMENSIONS));
    for (SeedResult result : results) {
      List<String> row = new ArrayList<>();
      row.add(result.name());
      row.add(Html.number(result.heldOut().explained(), 4) + range(evaluation, result));
      row.add(Html.number(result.heldOut().cosine(), 4));
      row.add(Html.number(result.l0(), 1));
      row.add(Html.number(100 * result.alive(), 1) + " %");
      if (evaluation.seeds().get(0).loss() != null) {
        row.add(result.loss() == null ? "–" : Html.number(result.loss().recoveredFromMean(), 4));
      }
      rows.add(row);
    }
    return rows;
  }

  /** Of a control that is drawn several times. */
  private static String range(SaeEvaluation evaluation, SeedResult result) {
    for (SaeEvaluation.Control control : evaluation.controls()) {
      if (control.mean().equals(result) && control.draws().size() > 1) {
        return " ("
            + Html.number(control.least(draw -> draw.heldOut().explained()), 4)
            + " to "
            + Html.number(control.greatest(draw -> draw.heldOut().explained()), 4)
            + ")";
      }
    }
    return "";
  }

  private static void agreement(Html html, SaeEvaluation evaluation) {
    if (evaluation.agreement().isEmpty()) {
      return;
    }
    html.heading("Agreement of the seeds");
    html.note("The greatest cosine of each feature with one of another seed's.");
    List<List<String>> rows = new ArrayList<>();
    for (SaeEvaluation.Agreement each : evaluation.agreement()) {
      rows.add(
          List.of(
              each.first() + ", " + each.second(),
              Html.number(each.mean(), 3),
              Html.number(100 * each.above(), 1) + " %"));
    }
    html.table(List.of("", "mean", "above 0.7"), rows);
  }

  private static void curves(Html html, List<TrainingRecord> records) {
    if (records.isEmpty()) {
      return;
    }
    html.heading("Training");
    List<Charts.Line> loss = new ArrayList<>();
    List<Charts.Line> dead = new ArrayList<>();
    for (TrainingRecord record : records) {
      String name = "seed " + record.options().seed();
      double[] steps = record.curve().stream().mapToDouble(LossPoint::step).toArray();
      loss.add(
          new Charts.Line(
              name, steps, record.curve().stream().mapToDouble(LossPoint::unexplained).toArray()));
      dead.add(
          new Charts.Line(
              name, steps, record.curve().stream().mapToDouble(LossPoint::dead).toArray()));
    }
    html.raw(Charts.lines("Unexplained variance", "step", "share", loss));
    html.raw(Charts.lines("Features that were not active lately", "step", "features", dead));
  }

  private static void density(Html html, SaeEvaluation evaluation) {
    Map<String, List<Double>> series = new LinkedHashMap<>();
    for (SeedResult seed : evaluation.seeds()) {
      series.put(seed.name(), decades(seed.activity()));
    }
    List<String> categories = new ArrayList<>(List.of("never"));
    for (int decade = DECADES; decade > 0; decade--) {
      categories.add(String.format(Locale.ROOT, "1e-%d", decade));
    }
    html.heading("How often features are active");
    html.raw(
        Charts.bars(
            "Features by density", "share of tokens, from", "features", categories, series));
  }

  private static List<Double> decades(@Nullable Activity activity) {
    double[] counts = new double[DECADES + 1];
    if (activity != null) {
      for (long count : activity.counts()) {
        int bin = 0;
        if (count > 0) {
          double share = (double) count / activity.rows();
          int decade = (int) Math.ceil(-Math.log10(share));
          bin = DECADES + 1 - Math.min(DECADES, Math.max(1, decade));
        }
        counts[bin]++;
      }
    }
    List<Double> list = new ArrayList<>();
    for (double count : counts) {
      list.add(count);
    }
    return list;
  }

  private static void probing(Html html, SaeEvaluation evaluation) {
    if (evaluation.positive() == null) {
      return;
    }
    html.heading("k-sparse probing");
    html.note(
        "AUROC of telling the label '"
            + evaluation.positive()
            + "' from the others by k features, on "
            + evaluation.testTexts()
            + " texts that were not learnt from, with 95 % intervals that resample these texts."
            + " 'dimensions' are those of the activation itself.");
    List<SeedResult> results = evaluation.all();
    List<List<String>> rows = new ArrayList<>();
    Map<String, List<Double>> series = new LinkedHashMap<>();
    for (SeedResult result : results) {
      SparseProbing probing = result.probing();
      if (probing != null) {
        List<String> row = new ArrayList<>(List.of(result.name()));
        List<Double> values = new ArrayList<>();
        for (int k : new int[] {1, 2, 5}) {
          Interval auroc = probing.auroc().get(k);
          row.add(auroc == null ? Html.number(Double.NaN, 4) : shown(auroc));
          values.add(auroc == null ? 0 : auroc.value());
        }
        row.add(shown(probing.all()));
        rows.add(row);
        series.put(result.name(), values);
      }
    }
    html.table(List.of("", "k = 1", "k = 2", "k = 5", "all"), rows);
    html.raw(Charts.bars("AUROC", "k", "", List.of("1", "2", "5"), series));
    if (!evaluation.aboveUntrained().isEmpty()) {
      html.note(
          "By how much the mean AUROC exceeds that of the untrained model on the same texts, with"
              + " intervals of paired resamples. Where an interval holds 0, training is not seen to"
              + " have given the features what they tell of the label.");
      List<String> row = new ArrayList<>(List.of("above the untrained model"));
      evaluation.aboveUntrained().values().forEach(above -> row.add(shown(above)));
      List<String> head = new ArrayList<>(List.of(""));
      evaluation.aboveUntrained().keySet().forEach(k -> head.add("k = " + k));
      html.table(head, List.of(row));
    }
  }

  private static String shown(Interval auroc) {
    String value = Html.number(auroc.value(), 3);
    return Double.isNaN(auroc.low())
        ? value
        : value + " [" + Html.number(auroc.low(), 3) + ", " + Html.number(auroc.high(), 3) + "]";
  }

  private SaeReport() {}
}
