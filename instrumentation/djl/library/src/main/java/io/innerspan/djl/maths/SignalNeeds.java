package io.innerspan.djl.maths;

import io.innerspan.djl.SignalRefusal;
import io.innerspan.djl.SignalRefusal.Reason;
import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.AttentionProbe;
import io.innerspan.signals.AttentionSummary;
import io.innerspan.signals.OutputConfidence;
import io.innerspan.signals.PopulationDistance;
import io.innerspan.signals.Probe;
import io.innerspan.signals.SaeFeatures;
import io.innerspan.signals.Signal;
import org.jspecify.annotations.Nullable;

/** What signals need of a model to be computed with tensors. */
public final class SignalNeeds {
  /** Each one is an operation. */
  private static final int MOST_EXCLUDED = 64;

  /** Why a kind of signal cannot be computed, or null. */
  public static @Nullable SignalRefusal refusal(Signal signal) {
    if (signal instanceof AttentionProbe probe
        && probe.rule().window() > AttentionMaths.LONGEST_WINDOW) {
      return unsupported(
          signal,
          "expected a window of at most "
              + AttentionMaths.LONGEST_WINDOW
              + ", found "
              + probe.rule().window());
    }
    if (signal.tokens().excludedIds().size() > MOST_EXCLUDED) {
      return unsupported(
          signal,
          "expected at most "
              + MOST_EXCLUDED
              + " excluded ids, found "
              + signal.tokens().excludedIds().size());
    }
    if (signal instanceof Probe
        || signal instanceof ActivationSummary
        || signal instanceof PopulationDistance
        || signal instanceof SaeFeatures
        || signal instanceof AttentionSummary
        || signal instanceof OutputConfidence) {
      return null;
    }
    return unsupported(
        signal, "a lens needs the model's own tail apart from the model, which has none here");
  }

  /** Whether a signal's values are computed by themselves, and not with others of its place. */
  public static boolean isAlone(Signal signal) {
    return signal instanceof OutputConfidence || signal instanceof AttentionSummary;
  }

  /** The width that a signal's activation must have, or -1 for any. */
  public static int width(Signal signal) {
    if (signal instanceof Probe probe) {
      return probe.width();
    }
    if (signal instanceof SaeFeatures features) {
      return features.sae().in();
    }
    return signal instanceof PopulationDistance distance ? distance.width() : -1;
  }

  /** What a signal's activation must be, for people. */
  public static String expected(Signal signal) {
    if (signal instanceof AttentionSummary summary) {
      return "[batch, " + summary.heads() + ", tokens, tokens] of numbers and a mask";
    }
    int width = width(signal);
    return "[batch, tokens, " + (width < 0 ? "width" : width) + "] of numbers";
  }

  private static SignalRefusal unsupported(Signal signal, String detail) {
    return SignalRefusal.of(Reason.UNSUPPORTED, signal, detail);
  }

  private SignalNeeds() {}
}
