package io.innerspan.signals.drift;

import java.util.ArrayList;
import java.util.List;

/**
 * What the charts of a signal look for, and what each bin adds to them, as whole numbers in one
 * place. Immutable; whoever watches the signal apart, slice by slice, shares it.
 */
final class ChartTable {
  /** What is 1 in increments, effects and limits. */
  static final double ONE = 1 << 24;

  /**
   * More than any limit: a value that the change makes impossible takes a chart to its beginning.
   */
  private static final double LARGEST = 120;

  private final Bins bins;
  private final int every;
  private final ChartDesign[] designs;
  private final int[] steps;
  private final long[] limits = new long[Charts.SIZE];

  /**
   * @param kinds those that are wanted; each has the same allowance as if there were all
   */
  ChartTable(Baseline baseline, Bins bins, Allowance allowance, List<ChartKind> kinds) {
    this.bins = bins;
    Thinning thinning = Thinning.of(baseline.autocorrelation(), baseline.count());
    double time = Thinning.time(baseline.autocorrelation(), baseline.count());
    Regimes regimes = Regimes.of(baseline, bins);
    Allowance each = allowance.share(1.0 / Charts.SIZE);
    List<ChartDesign> possible = new ArrayList<>();
    for (ChartKind kind : kinds) {
      ChartDesign design =
          ChartDesign.of(kind, bins, regimes, thinning, baseline.block() / time, each);
      if (design != null) {
        possible.add(design);
      }
    }
    this.every = thinning.every();
    this.designs = possible.toArray(ChartDesign[]::new);
    this.steps = new int[2 * Charts.SIZE * bins.size()];
    for (int i = 0; i < designs.length; i++) {
      limits[i] = (long) Math.ceil(designs[i].limit * ONE);
      for (int bin = 0; bin < bins.size(); bin++) {
        int place = first(bin) + i;
        steps[place] = fixed(designs[i].increments[bin]);
        steps[place + Charts.SIZE] = fixed(designs[i].effects[bin]);
      }
    }
  }

  Bins bins() {
    return bins;
  }

  /** Of so many values in a row one is looked at. */
  int every() {
    return every;
  }

  /** The charts that the baseline suffices for; the others stay at their beginning. */
  int size() {
    return designs.length;
  }

  ChartDesign design(int chart) {
    return designs[chart];
  }

  /** The charts' increments from {@link #first} on, then their effects. Not to be changed. */
  int[] steps() {
    return steps;
  }

  /** Where a bin's steps begin. */
  int first(int bin) {
    return 2 * Charts.SIZE * bin;
  }

  /** Sums at which charts find something. Not to be changed. */
  long[] limits() {
    return limits;
  }

  private static int fixed(double value) {
    return (int) Math.round(Math.max(-LARGEST, Math.min(LARGEST, value)) * ONE);
  }
}
