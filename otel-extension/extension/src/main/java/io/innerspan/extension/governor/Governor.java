package io.innerspan.extension.governor;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Opens the gates of one model. Thread-safe; the way of an inference that is not sampled takes no
 * lock.
 *
 * <p>Of every {@code period} inferences one, drawn at random, is sampled. In every other of these
 * all gates are open together, so that all signals of one inference can be seen side by side; in
 * those between one gate alone is open, by turns, which measures its cost. A signal is so computed
 * for at least half of the sampled inferences. At the rate 1 all gates are always open, whatever
 * they cost.
 *
 * <p>What all gates cost together, at the rate they are opened, must stay within the budget:
 * otherwise the dearest is shed, until it is tried again much later. All are shed while the JVM is
 * short of memory.
 */
public final class Governor {
  /** Samples after which a shed gate is tried again, and twice as many after each time. */
  private static final long FIRST_RETRY = 256;

  private static final int MOST_DOUBLINGS = 10;

  /** Of the closed inferences one in this many goes into the baseline. */
  private static final int BASELINE_STRIDE = 8;

  private final GovernorSettings settings;
  private final List<List<String>> signals;
  private final Pressure pressure;
  private final GovernorListener listener;
  private final Costs costs;
  private final long seed;
  private final long period;
  private final AtomicLong inferences = new AtomicLong();
  private final long[] retryAt;
  private final int[] sheddings;
  private volatile long open;
  private volatile boolean allShed;

  /**
   * @param signals by gate, the signals behind it
   * @param seed of the choice of inferences
   */
  public Governor(
      GovernorSettings settings,
      List<List<String>> signals,
      Pressure pressure,
      GovernorListener listener,
      long seed) {
    this.settings = settings;
    this.signals = List.copyOf(signals);
    this.pressure = pressure;
    this.listener = listener;
    this.costs = new Costs(signals.size());
    this.seed = seed;
    this.period = signals.isEmpty() ? 0 : settings.period();
    this.retryAt = new long[signals.size()];
    this.sheddings = new int[signals.size()];
    this.open = all();
  }

  /** The bits of all gates. */
  private long all() {
    return (1L << signals.size()) - 1;
  }

  /** Whether there is any gate that may be opened. */
  public boolean governs() {
    return period > 0;
  }

  /** The bits of the gates to be open for the inference that begins now. */
  public long open() {
    if (period == 0) {
      return 0;
    }
    long inference = inferences.getAndIncrement();
    long sample = inference / period;
    return inference % period == Long.remainderUnsigned(mix(sample ^ seed), period)
        ? openForSample(sample)
        : 0;
  }

  /** The bits of the gates to be open because somebody asks for all of them. */
  public long openOnDemand() {
    return allShed ? 0 : open;
  }

  /**
   * Takes what an inference cost.
   *
   * @param openGates what {@link #open} answered
   * @param elements the size of its first input
   * @param nanos how long the engine's call took
   */
  public void ended(long openGates, long elements, long nanos) {
    if (openGates == 0) {
      if (period > 0 && inferences.get() % Math.min(BASELINE_STRIDE, period) == 0) {
        costs.closed(Costs.stratum(elements), nanos);
      }
    } else if (Long.bitCount(openGates) == 1) {
      int gate = Long.numberOfTrailingZeros(openGates);
      if (costs.opened(gate, Costs.stratum(elements), nanos)) {
        listener.measured(gate, signals.get(gate), costs.cost(gate));
        keepWithinBudget();
      }
    }
  }

  private synchronized long openForSample(long sample) {
    GovernorListener.Reason reason = pressure.reason();
    if (reason != null) {
      if (!allShed) {
        allShed = true;
        listener.shed(-1, signals.stream().flatMap(List::stream).toList(), reason);
      }
      return 0;
    }
    if (allShed) {
      allShed = false;
      listener.restored(-1, signals.stream().flatMap(List::stream).toList());
    }
    retry(sample);
    // At the rate 1 all signals are wanted every time, and there is nothing to measure costs by.
    return sample % 2 == 0 || period == 1 ? open : one(sample / 2);
  }

  /** One of the open gates, by turns. */
  private long one(long turn) {
    long left = open;
    int count = Long.bitCount(left);
    if (count == 0) {
      return 0;
    }
    for (long skip = turn % count; skip > 0; skip--) {
      left &= left - 1;
    }
    return Long.lowestOneBit(left);
  }

  private void retry(long sample) {
    for (int gate = 0; gate < retryAt.length; gate++) {
      if ((open >>> gate & 1) == 0) {
        if (retryAt[gate] == 0) {
          retryAt[gate] = sample + (FIRST_RETRY << Math.min(sheddings[gate] - 1, MOST_DOUBLINGS));
        } else if (sample >= retryAt[gate]) {
          retryAt[gate] = 0;
          costs.forget(gate);
          open |= 1L << gate;
          listener.restored(gate, signals.get(gate));
        }
      }
    }
  }

  private synchronized void keepWithinBudget() {
    while (expected() > settings.budget()) {
      int dearest = dearest();
      open &= ~(1L << dearest);
      sheddings[dearest]++;
      retryAt[dearest] = 0;
      listener.shed(dearest, signals.get(dearest), GovernorListener.Reason.BUDGET);
    }
  }

  /** What the open gates cost on the average, as a share of the model's own time. */
  private double expected() {
    double together = 0;
    int known = 0;
    for (int gate = 0; gate < signals.size(); gate++) {
      double cost = costs.cost(gate);
      if ((open >>> gate & 1) != 0 && !Double.isNaN(cost)) {
        together += Math.max(0, cost);
        known++;
      }
    }
    // Half of the samples open all of them, the other half one by turns.
    return known == 0 ? 0 : together * (1 + 1.0 / known) / (2.0 * period);
  }

  private int dearest() {
    int dearest = -1;
    for (int gate = 0; gate < signals.size(); gate++) {
      double cost = costs.cost(gate);
      if ((open >>> gate & 1) != 0
          && !Double.isNaN(cost)
          && (dearest < 0 || cost > costs.cost(dearest))) {
        dearest = gate;
      }
    }
    return dearest;
  }

  /** Steele, Lea and Flood's SplitMix64: consecutive numbers become unrelated ones. */
  private static long mix(long value) {
    long z = value * 0x9E3779B97F4A7C15L + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
