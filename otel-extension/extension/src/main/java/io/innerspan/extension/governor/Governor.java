package io.innerspan.extension.governor;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Opens the gates of one model. Thread-safe; the way of an ordinary inference takes no lock.
 *
 * <p><b>Standing</b> gates, of cheap signals, are open for every inference. To learn what they cost
 * a few inferences, drawn at random, run with one of them shut or with all: one in 8 until that is
 * known, 500 to 4,000 inferences long, and one in 512 then.
 *
 * <p>The other gates are opened for a <b>sample</b>: of every {@code period} inferences one, drawn
 * at random. In every other sample all gates are open together, so that all signals of one
 * inference can be seen side by side; in those between one gate alone is, by turns, which measures
 * its cost. A signal is so computed for at least half of the samples. At the rate 1 all gates are
 * always open, whatever they cost.
 *
 * <p>What all this costs must stay within the budget. Standing gates have half of it, or all where
 * there are no others: unless what they cost is within that with some certainty, the dearest is
 * opened for samples only. Of the others the dearest is shed when what they cost at their rate is
 * more than what is left: it is opened for a few samples only, one in {@value #RARELY} inferences
 * or every other sample, so that every signal is computed now and then whatever it costs. Both are
 * tried again much later. All gates are shut while the JVM is short of memory.
 */
public final class Governor {
  /** Periods after which a shed gate is tried again, and twice as many after each time. */
  private static final long FIRST_RETRY = 256;

  private static final int MOST_DOUBLINGS = 10;

  /**
   * Of this many inferences a gate that was shed is opened for one, where that many are sampled.
   */
  private static final long RARELY = 2_000;

  /** Of the usual inferences one in this many goes into the baseline. */
  private static final int BASELINE_STRIDE = 8;

  /** How often what the JVM is short of is looked at where nothing is sampled. */
  private static final long UNSAMPLED_PERIOD = 200;

  private final GovernorSettings settings;
  private final List<List<String>> signals;
  private final long standing;
  private final Pressure pressure;
  private final GovernorListener listener;
  private final Costs costs;
  private final Trials trials;
  private final long seed;
  private final long period;
  private final AtomicLong inferences = new AtomicLong();
  private final long[] retryAt;
  private final int[] sheddings;

  /** The bits of the gates that may be opened. */
  private volatile long open;

  /** The bits of the gates that are opened for few samples; none of them is in {@link #open}. */
  private volatile long rare;

  /** The bits of the gates that are open for every inference. */
  private volatile long usual;

  private volatile boolean allShed;

  /**
   * @param signals by gate, the signals behind it
   * @param standing how many of the gates, the first ones, are meant to be always open
   * @param seed of the choice of inferences
   */
  public Governor(
      GovernorSettings settings,
      List<List<String>> signals,
      int standing,
      Pressure pressure,
      GovernorListener listener,
      long seed) {
    this.settings = settings;
    this.signals = List.copyOf(signals);
    this.standing = bits(standing);
    this.pressure = pressure;
    this.listener = listener;
    this.costs = new Costs(signals.size());
    this.trials = new Trials(Mix.of(seed));
    this.seed = seed;
    this.period = settings.period();
    this.retryAt = new long[signals.size()];
    this.sheddings = new int[signals.size()];
    this.open = bits(signals.size());
    this.usual = this.standing;
  }

  private static long bits(int count) {
    return (1L << count) - 1;
  }

  /** Whether there is any gate that may be opened. */
  public boolean governs() {
    return period > 0 ? !signals.isEmpty() : standing != 0;
  }

  /** The bits of the gates to be open for the inference that begins now. */
  public long open() {
    if (!governs()) {
      return 0;
    }
    // Every one is a sample then, nothing can be measured, and nothing is shed but all.
    if (period == 1 && !allShed && pressure.reason() == null) {
      return open;
    }
    long inference = inferences.getAndIncrement();
    long stride = period > 0 ? period : UNSAMPLED_PERIOD;
    long sample = inference / stride;
    if (inference % stride == Long.remainderUnsigned(Mix.of(sample ^ seed), stride)) {
      return openForSample(inference, sample);
    }
    if (allShed) {
      return 0;
    }
    long always = usual;
    return always == 0 ? 0 : trials.open(inference, always);
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
   * @param cachedTokens the tokens that it found in its cache; negative without one
   * @param nanos how long the engine's call took
   */
  public void ended(long openGates, long elements, long cachedTokens, long nanos) {
    if (allShed || period == 1 || !governs()) {
      return;
    }
    long always = usual;
    int stratum = Costs.stratum(elements, cachedTokens);
    if (openGates == always) {
      if (inferences.get() % Math.min(BASELINE_STRIDE, Math.max(1, period)) == 0) {
        costs.usual(stratum, nanos);
      }
      return;
    }
    long differing = openGates ^ always;
    if (Long.bitCount(differing) == 1) {
      int gate = Long.numberOfTrailingZeros(differing);
      boolean more = (openGates & differing) != 0;
      if (more ? costs.opened(gate, stratum, nanos) : costs.shut(gate, stratum, nanos)) {
        listener.measured(gate, signals.get(gate), costs.cost(gate));
        keepWithinBudget();
      }
    }
    if (openGates == 0 && costs.allShut(stratum, nanos)) {
      keepWithinBudget();
    }
  }

  private synchronized long openForSample(long inference, long sample) {
    GovernorListener.Reason reason = pressure.reason();
    if (reason != null) {
      if (!allShed) {
        allShed = true;
        listener.shed(-1, signals.stream().flatMap(List::stream).toList(), reason, 0);
      }
      return 0;
    }
    if (allShed) {
      allShed = false;
      listener.restored(-1, signals.stream().flatMap(List::stream).toList());
    }
    retry(sample);
    if (period == 0) {
      return usual;
    }
    if (rare != 0 && sample % rareStride() == 0) {
      return open | rare;
    }
    // At the rate 1 all signals are wanted every time, and there is nothing to measure costs by.
    return sample % 2 == 0 || period == 1 ? open : usual | Trials.one(open & ~usual, sample / 2);
  }

  /** The samples of which one opens the gates that were shed. */
  private long rareStride() {
    return Math.max(2, (RARELY + period - 1) / period);
  }

  /** The share of the inferences for which a gate that was shed is opened. */
  private double rareRate() {
    return period == 0 ? 0 : 1.0 / (period * rareStride());
  }

  private void retry(long sample) {
    for (int gate = 0; gate < retryAt.length; gate++) {
      if (retryAt[gate] != 0 && sample >= retryAt[gate]) {
        retryAt[gate] = 0;
        costs.forget(gate);
        if ((standing >>> gate & 1) != 0) {
          usually(usual | 1L << gate);
        }
        open |= 1L << gate;
        rare &= ~(1L << gate);
        listener.restored(gate, signals.get(gate));
        return; // One at a time.
      }
    }
  }

  private synchronized void keepWithinBudget() {
    Interval together = costs.together();
    boolean mixed = standing != bits(signals.size());
    double share = mixed ? settings.budget() / 2 : settings.budget();
    double taken = 0;
    if (together != null) {
      boolean undecided = together.high() > share && !trials.isSettled();
      if (together.low() > share || (undecided && costs.isTogetherComplete())) {
        shut(together.high(), share);
      } else if (!undecided) {
        trials.settled();
        taken = Math.max(0, Math.min(share, together.high()));
      }
    }
    double left = settings.budget() - taken;
    while (sampled() > left) {
      int dearest = dearest(open & ~usual);
      if (dearest < 0) {
        return; // What is left is what those that were shed already cost.
      }
      open &= ~(1L << dearest);
      rare |= 1L << dearest;
      shed(dearest, rareRate());
    }
  }

  /** Opens the dearest of the standing gates for samples only, until the others fit. */
  private void shut(double together, double share) {
    double sum = 0;
    for (int gate = 0; gate < signals.size(); gate++) {
      if ((usual >>> gate & 1) != 0) {
        double cost = costs.cost(gate);
        if (Double.isNaN(cost)) {
          return; // It will be known soon.
        }
        sum += Math.max(0, cost);
      }
    }
    double left = together;
    long stay = usual;
    while (left > share && stay != 0) {
      int dearest = dearest(stay);
      stay &= ~(1L << dearest);
      // What all cost together is known better than what each does.
      left -= sum > 0 ? Math.max(0, costs.cost(dearest)) * together / sum : together;
      shed(dearest, settings.rate());
    }
    usually(stay);
  }

  private void usually(long gates) {
    usual = gates;
    costs.usualChanged();
    trials.unsettled();
  }

  private void shed(int gate, double rate) {
    long wait = FIRST_RETRY << Math.min(sheddings[gate]++, MOST_DOUBLINGS);
    retryAt[gate] = inferences.get() / (period > 0 ? period : UNSAMPLED_PERIOD) + wait;
    listener.shed(gate, signals.get(gate), GovernorListener.Reason.BUDGET, rate);
  }

  /** What the sampled gates cost on the average, as a share of the model's own time. */
  private double sampled() {
    double together = 0;
    double shed = 0;
    int known = 0;
    for (int gate = 0; gate < signals.size(); gate++) {
      double cost = costs.cost(gate);
      if (Double.isNaN(cost)) {
        continue;
      }
      if (((open & ~usual) >>> gate & 1) != 0) {
        together += Math.max(0, cost);
        known++;
      } else if ((rare >>> gate & 1) != 0) {
        shed += Math.max(0, cost);
      }
    }
    if (period == 0) {
      return 0;
    }
    // Half of the samples open all of them, the other half one by turns.
    double sampled = known == 0 ? 0 : together * (1 + 1.0 / known) / (2.0 * period);
    return sampled + shed * rareRate();
  }

  /** The dearest of some gates of which the cost is known. */
  private int dearest(long among) {
    int dearest = -1;
    for (int gate = 0; gate < signals.size(); gate++) {
      double cost = costs.cost(gate);
      if ((among >>> gate & 1) != 0
          && !Double.isNaN(cost)
          && (dearest < 0 || cost > costs.cost(dearest))) {
        dearest = gate;
      }
    }
    return dearest;
  }
}
