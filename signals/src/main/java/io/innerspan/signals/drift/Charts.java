package io.innerspan.signals.drift;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The charts of one signal: mean, spread and tails, each in both directions. Not thread-safe. */
final class Charts {
  private static final int FEWEST = 10;

  private final Bins bins;
  private final int every;
  private final ChartDesign[] designs;

  // Of all charts bin by bin, so that a value looks at one place.
  private final double[] increments;
  private final double[] effectsOfBins;
  private final double[] limits;
  private final double[] sums;
  private final double[] effects;
  private final long[] counts;
  private final long[] since;
  private int skipped;

  Charts(Baseline baseline, Bins bins, Allowance allowance) {
    this(baseline, bins, allowance, List.of(ChartKind.values()));
  }

  /**
   * @param kinds those that are wanted; each has the same allowance as if there were all
   */
  Charts(Baseline baseline, Bins bins, Allowance allowance, List<ChartKind> kinds) {
    this.bins = bins;
    Thinning thinning = Thinning.of(baseline.autocorrelation(), baseline.count());
    double time = Thinning.time(baseline.autocorrelation(), baseline.count());
    Regimes regimes = Regimes.of(baseline, bins);
    Allowance each = allowance.share(1.0 / ChartKind.values().length);
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
    this.increments = new double[designs.length * bins.size()];
    this.effectsOfBins = new double[increments.length];
    this.limits = new double[designs.length];
    for (int i = 0; i < designs.length; i++) {
      limits[i] = designs[i].limit;
      for (int bin = 0; bin < bins.size(); bin++) {
        increments[bin * designs.length + i] = designs[i].increments[bin];
        effectsOfBins[bin * designs.length + i] = designs[i].effects[bin];
      }
    }
    this.sums = new double[designs.length];
    this.effects = new double[designs.length];
    this.counts = new long[designs.length];
    this.since = new long[designs.length];
  }

  /** Takes the bin of the next value; a chart that reaches its limit begins anew. */
  @Nullable Drift add(int bin, long nanos) {
    if (++skipped < every) {
      return null;
    }
    skipped = 0;
    int alarm = -1;
    int first = bin * sums.length;
    for (int i = 0; i < sums.length; i++) {
      double sum = sums[i] + increments[first + i];
      if (sum <= 0) {
        sums[i] = 0;
        effects[i] = 0;
        counts[i] = 0;
      } else {
        if (counts[i] == 0) {
          since[i] = nanos;
        }
        sums[i] = sum;
        effects[i] += effectsOfBins[first + i];
        counts[i]++;
        if (sum >= limits[i] && counts[i] >= FEWEST && alarm < 0) {
          alarm = i;
        }
      }
    }
    return alarm < 0 ? null : alarm(alarm);
  }

  /** What the charts look for. */
  List<ChartKind> kinds() {
    List<ChartKind> kinds = new ArrayList<>();
    for (ChartDesign design : designs) {
      kinds.add(design.kind);
    }
    return kinds;
  }

  /** Of so many values in a row one is looked at. */
  int every() {
    return every;
  }

  /** Where a chart is; 0 at its beginning. */
  double sum(int chart) {
    return sums[chart];
  }

  /** What a value of the bin adds to a chart. */
  double increment(int chart, int bin) {
    return designs[chart].increments[bin];
  }

  /** The bin of a value. */
  int bin(double value) {
    return bins.of(value);
  }

  private Drift alarm(int i) {
    ChartDesign design = designs[i];
    Drift drift =
        new Drift(
            0,
            design.kind.method(),
            design.kind.direction(),
            sums[i],
            design.limit,
            effects[i] / counts[i],
            Math.min(1, designs.length * design.pValue(sums[i])),
            counts[i] * every,
            since[i]);
    // One change moves several charts: all begin anew, and tell again if it lasts.
    for (int each = 0; each < sums.length; each++) {
      sums[each] = 0;
      effects[each] = 0;
      counts[each] = 0;
    }
    return drift;
  }
}
