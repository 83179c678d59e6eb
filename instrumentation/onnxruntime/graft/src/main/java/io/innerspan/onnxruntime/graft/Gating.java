package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.Signal;
import io.innerspan.signals.pack.ProbePack;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which signals lie behind a gate, and so cost nothing while it is closed. */
@FunctionalInterface
public interface Gating {
  /** No signal: everything is computed for every inference. */
  Gating NONE = signal -> false;

  /** All signals but those whose cost nobody notices. */
  Gating BY_COST = signal -> SignalCost.of(signal) != SignalCost.TRIVIAL;

  /** Every signal. */
  Gating ALL = signal -> true;

  /** This gating, but for the signals that their pack wants for every inference. */
  default Gating honouring(List<ProbePack> packs) {
    Set<String> always = new HashSet<>();
    for (ProbePack pack : packs) {
      pack.signals().stream().map(Signal::id).filter(pack::isAlwaysWanted).forEach(always::add);
    }
    return signal -> !always.contains(signal.id()) && isGated(signal);
  }

  /** Whether the signal lies behind a gate. */
  boolean isGated(Signal signal);
}
