package io.innerspan.extension.governor;

import java.util.HashMap;
import java.util.Map;

/**
 * What each gate costs, measured on the live session: an inference with one gate open against the
 * median of recent ones with all gates closed and inputs of about the same size. Which inferences
 * have a gate open is drawn at random, so that what else slows the machine falls on both alike.
 * Thread-safe.
 */
final class Costs {
  /** Durations of a size that are remembered. */
  private static final int BASELINE = 63;

  /** A baseline of fewer durations says nothing. */
  private static final int LEAST_BASELINE = 8;

  private static final int RATIOS = 31;

  /** A median of fewer ratios is no measurement. */
  static final int LEAST_RATIOS = 5;

  private final Map<Integer, Recent> baselines = new HashMap<>();
  private final Recent[] ratios;

  Costs(int gates) {
    ratios = new Recent[gates];
    for (int gate = 0; gate < gates; gate++) {
      ratios[gate] = new Recent(RATIOS);
    }
  }

  /** Inferences whose inputs are within a factor of two of each other in size are comparable. */
  static int stratum(long elements) {
    return Long.SIZE - Long.numberOfLeadingZeros(Math.max(0, elements));
  }

  synchronized void closed(int stratum, long nanos) {
    baselines.computeIfAbsent(stratum, any -> new Recent(BASELINE)).add(nanos);
  }

  /** Takes a duration with one gate open; returns whether there is a new measurement. */
  synchronized boolean opened(int gate, int stratum, long nanos) {
    Recent baseline = baselines.get(stratum);
    if (baseline == null || baseline.size() < LEAST_BASELINE) {
      return false;
    }
    ratios[gate].add(nanos / baseline.median());
    return ratios[gate].size() >= LEAST_RATIOS;
  }

  /** What an inference takes longer with the gate open, as a share; NaN while it is unknown. */
  synchronized double cost(int gate) {
    return ratios[gate].size() < LEAST_RATIOS ? Double.NaN : ratios[gate].median() - 1;
  }

  synchronized void forget(int gate) {
    ratios[gate].clear();
  }
}
