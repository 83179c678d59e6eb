package io.innerspan.workbench.evaluate;

import io.innerspan.signals.Probe;
import io.innerspan.signals.pack.ProbePack;
import io.innerspan.workbench.model.ProbeLatency;
import io.innerspan.workbench.stats.CalibrationCurve;
import io.innerspan.workbench.stats.Interval;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All that an evaluation measured.
 *
 * @param pack the pack
 * @param probe the probe
 * @param data what was tested on
 * @param auroc the probe's area under the ROC
 * @param prAuc its average precision
 * @param curves its curves, to be drawn
 * @param points what it finds at certified false-positive rates
 * @param inForce the threshold that the following rates are told at
 * @param byLength false positives by number of tokens
 * @param bySlice false positives by column and value
 * @param calibration what its scores promise
 * @param latency what it costs, or null when that was not measured
 * @param baselines what it is compared with
 * @param layers a probe at each layer; empty when that was not asked for
 * @param sources each source tested by what the others teach; empty when that was not asked for
 */
public record EvaluationReport(
    ProbePack pack,
    Probe probe,
    Data data,
    Interval auroc,
    Interval prAuc,
    Curves curves,
    List<OperatingPoint> points,
    InForce inForce,
    List<InForce.Bucket> byLength,
    Map<String, List<InForce.Bucket>> bySlice,
    Calibrated calibration,
    @Nullable ProbeLatency latency,
    List<BaselineResult> baselines,
    List<LayerCurve.Layer> layers,
    List<CrossSource.Source> sources) {
  /**
   * Of fewer groups of a label the gate stays shut, whatever the interval says. The bootstrap knows
   * only the ranks that it has seen: a probe that happens to rank four rows right has the interval
   * [1, 1], as it has of four thousand.
   */
  public static final int FEWEST_GROUPS = 20;

  /**
   * What was tested on.
   *
   * @param file the name of the data's file
   * @param sha256 of the file
   * @param rows the file's rows
   * @param positives the positive rows that were tested
   * @param others the other rows that were tested
   * @param groups the groups of the tested rows
   * @param positiveGroups those that hold a positive row
   * @param otherGroups those that hold another row
   * @param excluded what was left out
   * @param silent rows without a reading
   * @param trainFile the name of the file that baselines learnt from, or null
   * @param trainRows its rows
   * @param folds the folds that baselines learnt over crosswise, or 0
   * @param benignFile the name of the file that thresholds were taken from, or null
   */
  record Data(
      String file,
      String sha256,
      int rows,
      int positives,
      int others,
      int groups,
      int positiveGroups,
      int otherGroups,
      Exclusion excluded,
      int silent,
      @Nullable String trainFile,
      int trainRows,
      int folds,
      @Nullable String benignFile) {
    /** Whether there are enough independent rows of both labels for the gate to open. */
    boolean enough() {
      return Math.min(positiveGroups, otherGroups) >= FEWEST_GROUPS;
    }
  }

  /** What scores promise and what comes of them. */
  record Calibrated(Interval ece, Interval brier, List<CalibrationCurve.Bin> curve) {}

  /** The baseline with the greatest AUROC. */
  BaselineResult best() {
    return baselines.stream()
        .max(Comparator.comparingDouble(baseline -> baseline.auroc().value()))
        .orElseThrow();
  }

  /** The baselines of which the test does not tell that the probe is better. */
  List<BaselineResult> asGood() {
    return baselines.stream().filter(BaselineResult::asGood).toList();
  }

  /**
   * Whether the probe is worth having: there are enough groups to tell, and with 97.5 % confidence
   * its AUROC exceeds that of each baseline. A tie does not pass.
   */
  public boolean passes() {
    return data.enough() && asGood().isEmpty();
  }

  /** Why the gate is open or shut, in one sentence. */
  public String gateReason() {
    BaselineResult best = best();
    return String.format(
            Locale.ROOT,
            "AUROC %.4f against %.4f of the best baseline (%s): difference %.4f [%.4f, %.4f], %s",
            auroc.value(),
            best.auroc().value(),
            best.key(),
            best.difference().value(),
            best.difference().low(),
            best.difference().high(),
            best.asGood() ? "not above 0" : "above 0")
        + others(best)
        + tooFew();
  }

  /** A baseline behind the best may have the wider interval. */
  private String others(BaselineResult best) {
    StringBuilder others = new StringBuilder();
    for (BaselineResult each : asGood()) {
      if (!best.asGood()) {
        Interval difference = each.difference();
        others.append(
            String.format(
                Locale.ROOT,
                "; but %s may be as good: difference %.4f [%.4f, %.4f]",
                each.key(),
                difference.value(),
                difference.low(),
                difference.high()));
      }
    }
    return others.toString();
  }

  private String tooFew() {
    return data.enough()
        ? ""
        : String.format(
            Locale.ROOT,
            "; too few to tell: %d groups of positive and %d of other rows, expected at least %d of"
                + " each",
            data.positiveGroups(),
            data.otherGroups(),
            FEWEST_GROUPS);
  }
}
