package io.innerspan.extension.governor;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What gates cost, measured on the live session: an inference with one gate more or less than usual
 * against the median of recent usual ones with inputs of about the same size. Which inferences are
 * unusual is drawn at random, so that what else slows the machine falls on both alike. Thread-safe.
 */
final class Costs {
  /** Durations of a size that are remembered. */
  private static final int BASELINE = 63;

  /** A baseline of fewer durations says nothing. */
  private static final int LEAST_BASELINE = 8;

  private static final int RATIOS = 31;

  /** A median of fewer ratios is no measurement. */
  static final int LEAST_RATIOS = 5;

  private static final int LEAST_TOGETHER = 31;

  /** Values between two looks at them: who looks often enough finds what chance makes. */
  private static final int LOOK = 64;

  /** Of what decides whether cheap gates stay open: half a percent must be told from one. */
  private static final int TOGETHER = 255;

  /** More sizes than this are forgotten, the one first that was met longest ago. */
  private static final int MOST_STRATA = 512;

  private final Map<Integer, Recent> baselines =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, Recent> eldest) {
          return size() > MOST_STRATA;
        }
      };
  private final Recent[] ratios;
  private final Recent together = new Recent(TOGETHER);
  private @Nullable Interval lastLook;

  Costs(int gates) {
    ratios = new Recent[gates];
    for (int gate = 0; gate < gates; gate++) {
      ratios[gate] = new Recent(RATIOS);
    }
  }

  /**
   * Inferences are comparable whose inputs are within a fifth of each other in size, and so are
   * what they find in their caches: a step of a generation is compared with other steps.
   */
  static int stratum(long elements, long cachedTokens) {
    return quarterOctaves(elements) << Short.SIZE | quarterOctaves(cachedTokens + 1);
  }

  private static int quarterOctaves(long size) {
    return size <= 0 ? 0 : 1 + (int) Math.floor(4 * Math.log(size) / Math.log(2) + 1e-9);
  }

  /** Takes the duration of an inference with the gates open that usually are. */
  synchronized void usual(int stratum, long nanos) {
    baselines.computeIfAbsent(stratum, any -> new Recent(BASELINE)).add(nanos);
  }

  /** Takes a duration with one gate open more; returns whether there is a new measurement. */
  synchronized boolean opened(int gate, int stratum, long nanos) {
    return add(ratios[gate], nanos / baseline(stratum), LEAST_RATIOS);
  }

  /** Takes a duration with one gate open less; returns whether there is a new measurement. */
  synchronized boolean shut(int gate, int stratum, long nanos) {
    return add(ratios[gate], baseline(stratum) / nanos, LEAST_RATIOS);
  }

  /** Takes a duration with all gates shut; returns whether there is a new measurement. */
  synchronized boolean allShut(int stratum, long nanos) {
    if (!add(together, baseline(stratum) / nanos, LEAST_TOGETHER)) {
      return false;
    }
    long count = together.count();
    boolean look = count == LEAST_TOGETHER || (count + 1) % LOOK == 0;
    if (look) {
      lastLook = together.interval().minus(1);
    }
    return look;
  }

  private static boolean add(Recent recent, double ratio, int least) {
    if (Double.isNaN(ratio)) {
      return false;
    }
    recent.add(ratio);
    return recent.size() >= least;
  }

  private double baseline(int stratum) {
    Recent baseline = baselines.get(stratum);
    return baseline == null || baseline.size() < LEAST_BASELINE ? Double.NaN : baseline.median();
  }

  /** What an inference takes longer with the gate open, as a share; NaN while it is unknown. */
  synchronized double cost(int gate) {
    return ratios[gate].size() < LEAST_RATIOS ? Double.NaN : ratios[gate].median() - 1;
  }

  /**
   * What all gates that are usually open cost together, as a share, at each side with an error of
   * one in twenty; null while it is unknown.
   */
  synchronized @Nullable Interval together() {
    return lastLook;
  }

  /** Whether {@link #together} will not become narrower. */
  synchronized boolean isTogetherComplete() {
    return together.count() >= TOGETHER;
  }

  synchronized void forget(int gate) {
    ratios[gate].clear();
  }

  /** Other gates than before are open from now on. */
  synchronized void usualChanged() {
    baselines.clear();
    together.clear();
    lastLook = null;
  }
}
