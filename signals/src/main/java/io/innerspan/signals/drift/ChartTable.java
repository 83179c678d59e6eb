package io.innerspan.signals.drift;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What the charts of a signal look for, and what each bin adds to them, as whole numbers in lanes
 * beside one another. Immutable; whoever watches the signal apart, slice by slice, shares it.
 */
final class ChartTable {
  /** As many numbers has a signal in each of the arrays: one for each chart, and some unused. */
  static final int LANES = 8;

  /** What is 1 in increments and limits. */
  static final double ONE = 1 << 20;

  /** What is 1 in effects. */
  static final double EFFECT_ONE = 1 << 10;

  /**
   * More than nearly any limit: a value that the change makes impossible takes a chart to its
   * beginning.
   */
  private static final double LARGEST = 120;

  /** A chart with a higher limit would never get there, nor could its sum be counted. */
  private static final double HIGHEST = 1_000;

  private static final double LARGEST_EFFECT = 16;

  private final Bins bins;
  private final int every;
  private final ChartDesign[] designs;
  private final int[] steps;
  private final int[] limits = new int[LANES];

  ChartTable(Baseline baseline, Bins bins, Allowance allowance) {
    this(baseline, bins, allowance, List.of(ChartKind.values()));
  }

  /**
   * @param kinds those that are wanted; each has the same allowance as if there were all
   */
  ChartTable(Baseline baseline, Bins bins, Allowance allowance, List<ChartKind> kinds) {
    this.bins = bins;
    Thinning thinning = Thinning.of(baseline.autocorrelation(), baseline.count());
    double time = Thinning.time(baseline.autocorrelation(), baseline.count());
    Regimes regimes = Regimes.of(baseline, bins);
    Allowance each = allowance.share(1.0 / ChartKind.values().length);
    List<ChartDesign> possible = new ArrayList<>();
    for (ChartKind kind : kinds) {
      ChartDesign design =
          ChartDesign.of(kind, bins, regimes, thinning, baseline.block() / time, each);
      if (design != null && design.limit <= HIGHEST) {
        possible.add(design);
      }
    }
    this.every = thinning.every();
    this.designs = possible.toArray(ChartDesign[]::new);
    this.steps = new int[2 * LANES * bins.size()];
    Arrays.fill(limits, Integer.MAX_VALUE);
    for (int i = 0; i < designs.length; i++) {
      limits[i] = (int) Math.ceil(designs[i].limit * ONE);
      for (int bin = 0; bin < bins.size(); bin++) {
        int place = first(bin) + i;
        steps[place] = fixed(designs[i].increments[bin], LARGEST, ONE);
        steps[place + LANES] = fixed(designs[i].effects[bin], LARGEST_EFFECT, EFFECT_ONE);
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

  /** The charts that the baseline suffices for, in the first lanes. */
  int size() {
    return designs.length;
  }

  /** What the charts look for. */
  List<ChartKind> kinds() {
    return Arrays.stream(designs).map(design -> design.kind).toList();
  }

  ChartDesign design(int chart) {
    return designs[chart];
  }

  /** Each lane's increment from {@link #first} on, then their effects. Not to be changed. */
  int[] steps() {
    return steps;
  }

  /** Where a bin's steps begin. */
  int first(int bin) {
    return 2 * LANES * bin;
  }

  /** Sums at which lanes find something. Not to be changed. */
  int[] limits() {
    return limits;
  }

  private static int fixed(double value, double largest, double one) {
    return (int) Math.round(Math.max(-largest, Math.min(largest, value)) * one);
  }
}
