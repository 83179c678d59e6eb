package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.AttentionProbe;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.MlpProbe;
import io.innerspan.signals.OutputConfidence;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.PopulationDistance;
import io.innerspan.signals.Signal;

/** What signals of a kind cost, in the order of magnitude. */
public enum SignalCost {
  /** Hundreds of them are not noticed: norms, linear probes whose pooling is a step or two. */
  TRIVIAL,
  /** One is not noticed, many are. */
  CHEAP,
  /** One is noticed. */
  DEAR;

  /** The cost of a signal, by its kind. */
  public static SignalCost of(Signal signal) {
    if ((signal instanceof LinearProbe probe && !ofManySteps(probe.pooling()))
        || (signal instanceof ActivationSummary summary && summary.isNorm())) {
      return TRIVIAL;
    }
    return signal instanceof LinearProbe
            || signal instanceof MlpProbe
            || signal instanceof AttentionProbe
            || signal instanceof OutputConfidence
            || signal instanceof PopulationDistance
        ? CHEAP
        : DEAR;
  }

  /** Whether a pooling takes operators of its own, on every token, for each probe or few. */
  private static boolean ofManySteps(Pooling pooling) {
    return pooling.kind() == Pooling.Kind.EMA || pooling.kind() == Pooling.Kind.ROLLING_MAX;
  }
}
