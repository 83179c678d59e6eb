package io.innerspan.djl;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.ReadingLayout;
import io.innerspan.signals.Signal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which gate a signal lies behind.
 *
 * @param gateOf by signal id, the gate or {@link ReadingLayout#ALWAYS_OPEN}
 * @param standing how many gates, the first ones, are meant to be open for every inference
 */
public record Gating(Map<String, Integer> gateOf, int standing) {
  /** A set of open gates must fit in a long. */
  private static final int MOST = 62;

  public Gating {
    gateOf = Map.copyOf(gateOf);
  }

  /** Every signal for every inference that is captured. */
  public static Gating none() {
    return new Gating(Map.of(), 0);
  }

  /**
   * One standing gate per kind for probes and norms, and one of its own for each signal that is
   * dearer; where there are more than gates, some share one.
   */
  public static Gating byCost(List<? extends Signal> signals) {
    Map<String, Integer> gates = new LinkedHashMap<>();
    Map<Class<?>, Integer> standing = new LinkedHashMap<>();
    for (Signal signal : signals) {
      if (isCheap(signal)) {
        gates.put(signal.id(), standing.computeIfAbsent(signal.getClass(), any -> standing.size()));
      }
    }
    int next = 0;
    for (Signal signal : signals) {
      if (!isCheap(signal)) {
        gates.put(signal.id(), standing.size() + next++ % (MOST - standing.size()));
      }
    }
    return new Gating(gates, standing.size());
  }

  private static boolean isCheap(Signal signal) {
    return (signal instanceof LinearProbe probe && probe.pooling().kind().ofActivations())
        || (signal instanceof ActivationSummary summary && summary.isNorm());
  }

  /** The signal's gate, or {@link ReadingLayout#ALWAYS_OPEN}. */
  public int of(Signal signal) {
    return gateOf.getOrDefault(signal.id(), ReadingLayout.ALWAYS_OPEN);
  }
}
