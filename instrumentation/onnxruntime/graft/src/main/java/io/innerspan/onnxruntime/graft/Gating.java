package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.ActivationSummary.Statistic;
import io.innerspan.signals.AttentionSummary;
import io.innerspan.signals.LayerLens;
import io.innerspan.signals.SaeFeatures;
import io.innerspan.signals.Signal;
import java.util.Set;

/** Which signals lie behind a gate, and so cost nothing while it is closed. */
@FunctionalInterface
public interface Gating {
  /** No signal: everything is computed for every inference. */
  Gating NONE = signal -> false;

  /** The kinds that cost more than a few small products per token. */
  Gating DEAR_KINDS =
      signal ->
          signal instanceof AttentionSummary
              || signal instanceof LayerLens
              || signal instanceof SaeFeatures
              || (signal instanceof ActivationSummary summary
                  && !summary.statistics().equals(Set.of(Statistic.L2_NORM)));

  /** Whether the signal lies behind a gate. */
  boolean isGated(Signal signal);
}
