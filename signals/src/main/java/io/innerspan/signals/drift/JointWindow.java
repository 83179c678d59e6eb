package io.innerspan.signals.drift;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Looks at the means of several signals over a window together. Not thread-safe. */
final class JointWindow {
  static final double EFFECT = 0.3;

  /** How much memory each signal takes. */
  static final int BYTES = 16;

  private final Correlation correlation;
  private final Bins[] bins;
  private final Regimes[] regimes;
  private final double time;
  private final long baselineCount;
  private final double[] sums;
  private final long[] counts;

  JointWindow(Correlation correlation, List<Baseline> baselines, List<Bins> bins) {
    this.correlation = correlation;
    this.bins = bins.toArray(Bins[]::new);
    this.regimes = new Regimes[this.bins.length];
    this.sums = new double[this.bins.length];
    this.counts = new long[this.bins.length];
    double longest = 1;
    long fewest = Long.MAX_VALUE;
    for (int i = 0; i < regimes.length; i++) {
      Baseline baseline = baselines.get(i);
      regimes[i] = Regimes.of(baseline, this.bins[i]);
      longest = Math.max(longest, Thinning.time(baseline.autocorrelation(), baseline.count()));
      fewest = Math.min(fewest, baseline.block());
    }
    this.time = longest;
    this.baselineCount = fewest;
  }

  private JointWindow(JointWindow like) {
    this.correlation = like.correlation;
    this.bins = like.bins;
    this.regimes = like.regimes;
    this.time = like.time;
    this.baselineCount = like.baselineCount;
    this.sums = new double[bins.length];
    this.counts = new long[bins.length];
  }

  /** The same at its beginning. */
  JointWindow another() {
    return new JointWindow(this);
  }

  void add(int signal, int bin) {
    sums[signal] += bins[signal].mean(bin);
    counts[signal]++;
  }

  @Nullable Drift close(double allowed, double tests, long sinceNanos) {
    double[] means = new double[sums.length];
    long count = Long.MAX_VALUE;
    for (int i = 0; i < means.length; i++) {
      means[i] = counts[i] == 0 ? 0 : beyond(sums[i] / counts[i], regimes[i]);
      count = Math.min(count, counts[i]);
    }
    Arrays.fill(sums, 0);
    Arrays.fill(counts, 0);
    double independent = count / time;
    double samples = independent * (baselineCount / time) / (independent + baselineCount / time);
    double squared = correlation.squaredDistance(means);
    double distance = Math.sqrt(squared);
    double p = distanceAbove(squared, means.length, samples);
    return count > 0 && distance >= EFFECT && p <= allowed
        ? new Drift(
            -1,
            DriftMethod.MAHALANOBIS.label(),
            0,
            distance,
            EFFECT,
            distance,
            Math.min(1, p * tests),
            count,
            sinceNanos)
        : null;
  }

  /** How often the means of so many independent values are as far from 0 or farther, by χ². */
  static double distanceAbove(double squared, int means, double samples) {
    return Normal.chiSquaredAbove(samples * squared, means);
  }

  /** How far a mean lies outside of those that the baseline has in stretches. */
  private static double beyond(double mean, Regimes regimes) {
    return mean > 0
        ? Math.max(0, mean - regimes.highMean())
        : Math.min(0, mean - regimes.lowMean());
  }
}
