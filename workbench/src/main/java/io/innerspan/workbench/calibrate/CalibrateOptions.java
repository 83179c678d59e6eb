package io.innerspan.workbench.calibrate;

import io.innerspan.signals.HookPoint;
import io.innerspan.signals.drift.DriftMethod;
import io.innerspan.signals.monitor.Severity;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is calibrated, and by what.
 *
 * @param pack the pack, which stays as it is
 * @param model its model
 * @param tokenizer its tokenizer
 * @param out the new pack
 * @param version of the new pack, or null for the next patch version
 * @param seed of what is drawn
 * @param scores how scores are calibrated, or null when they are left alone
 * @param traffic what baselines are made of, or null without any
 */
public record CalibrateOptions(
    Path pack,
    Path model,
    Path tokenizer,
    Path out,
    @Nullable String version,
    long seed,
    @Nullable Scores scores,
    @Nullable Traffic traffic) {
  /** How logits become scores. */
  public enum Method {
    /** As the pack has it. */
    KEEP,
    /** Not at all. */
    NONE,
    /** {@code σ(logit / t)}. */
    TEMPERATURE,
    /** {@code σ(a · logit + b)}. */
    PLATT,
    /** A curve that never falls. */
    ISOTONIC;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What a threshold promises. */
  public enum Promise {
    /** The rate holds on average over benign data like these. */
    CONFORMAL,
    /** The rate holds with 95 % confidence for this very threshold. */
    CERTIFIED;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * Scores of one probe.
   *
   * @param data labelled texts that the pack has not seen
   * @param textColumn its column of texts
   * @param labelColumn its column of labels
   * @param positive the probe's positive label
   * @param groupColumn its column of template families, or null
   * @param probe the probe's id, or null for the only one
   * @param method how logits become scores
   * @param positiveShare the share of positives that scores are calibrated to, or null for that of
   *     the data
   * @param rates the false-positive rates of thresholds, the probe's own first; empty for that of
   *     the threshold that the probe has
   * @param promise what the thresholds promise
   */
  public record Scores(
      Path data,
      String textColumn,
      String labelColumn,
      String positive,
      @Nullable String groupColumn,
      @Nullable String probe,
      Method method,
      @Nullable Double positiveShare,
      List<Double> rates,
      Promise promise) {}

  /**
   * Baselines of what signals give while all is well.
   *
   * @param data texts in the order in which they came
   * @param textColumn its column of texts, or null for one text per line
   * @param values {@code signal} or {@code signal.value}; empty for the first value of every signal
   *     that can be watched
   * @param monitor the id of the drift monitor over all baselines
   * @param methods how it looks for drift
   * @param window how many readings its windows have
   * @param severity of its findings
   * @param distance where a population distance is added, or null
   * @param rank how many directions that distance knows the variance of
   */
  public record Traffic(
      Path data,
      @Nullable String textColumn,
      List<String> values,
      String monitor,
      Set<DriftMethod> methods,
      long window,
      Severity severity,
      @Nullable HookPoint distance,
      int rank) {}
}
