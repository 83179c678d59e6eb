package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.Signal;

/** Which signals lie behind a gate, and so cost nothing while it is closed. */
@FunctionalInterface
public interface Gating {
  /** No signal: everything is computed for every inference. */
  Gating NONE = signal -> false;

  /** All signals but those whose cost nobody notices. */
  Gating BY_COST = signal -> SignalCost.of(signal) != SignalCost.TRIVIAL;

  /** Whether the signal lies behind a gate. */
  boolean isGated(Signal signal);
}
