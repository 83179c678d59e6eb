package io.innerspan.signals.drift;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Compares the distribution of a window of one signal with its baseline. What counts is both: an
 * effect size that somebody would care about, beyond what the baseline's own stretches differ by,
 * and a p-value for as many independent values as the window is worth. Not thread-safe.
 */
final class WindowTests {
  /** From here on a population is commonly said to have shifted. */
  static final double PSI_EFFECT = 0.2;

  static final double KS_EFFECT = 0.1;
  private static final int OVERHEAD = 90;

  private final Set<DriftMethod> methods;
  private final double[] baseline;
  private final long baselineCount;
  private final double time;
  private final double psiLimit;
  private final double ksLimit;
  private final int[] counts;
  private long count;

  WindowTests(Set<DriftMethod> methods, Baseline of, Bins bins) {
    this.methods = methods.isEmpty() ? Set.of() : EnumSet.copyOf(methods);
    this.baseline = bins.shares();
    this.baselineCount = of.block();
    this.time = Thinning.time(of.autocorrelation(), of.count());
    this.counts = new int[bins.size()];
    double psi = 0;
    double ks = 0;
    for (double[] shares : Regimes.of(of, bins).shares()) {
      psi = Math.max(psi, Distances.psi(shares, this.baseline));
      ks = Math.max(ks, Math.abs(Distances.ks(shares, this.baseline)));
    }
    this.psiLimit = PSI_EFFECT + psi;
    this.ksLimit = KS_EFFECT + ks;
  }

  private WindowTests(WindowTests like) {
    this.methods = like.methods;
    this.baseline = like.baseline;
    this.baselineCount = like.baselineCount;
    this.time = like.time;
    this.psiLimit = like.psiLimit;
    this.ksLimit = like.ksLimit;
    this.counts = new int[like.counts.length];
  }

  /** The same at its beginning. */
  WindowTests another() {
    return new WindowTests(this);
  }

  /** About how much memory another takes, in bytes. */
  long bytes() {
    return OVERHEAD + (long) Integer.BYTES * counts.length;
  }

  void add(int bin) {
    counts[bin]++;
    count++;
  }

  long count() {
    return count;
  }

  /**
   * Ends the window and begins another.
   *
   * @param allowed the p-value that is small enough
   * @param tests what a p-value is corrected by
   * @param sinceNanos when the window began
   */
  @Nullable Drift close(double allowed, double tests, long sinceNanos) {
    double[] shares = shares(counts, count);
    double independent = count / time;
    double samples = independent * (baselineCount / time) / (independent + baselineCount / time);
    long values = count;
    Arrays.fill(counts, 0);
    count = 0;
    if (methods.contains(DriftMethod.KS)) {
      double signed = Distances.ks(shares, baseline);
      double distance = Math.abs(signed);
      double p = ksAbove(distance, samples);
      if (distance >= ksLimit && p <= allowed) {
        int direction = signed > 0 ? -1 : 1;
        return new Drift(
            0,
            DriftMethod.KS.label(),
            direction,
            distance,
            ksLimit,
            distance,
            Math.min(1, p * tests),
            values,
            sinceNanos);
      }
    }
    if (methods.contains(DriftMethod.PSI)) {
      double psi = Distances.psi(shares, baseline);
      double p = divergenceAbove(shares, baseline, samples);
      if (psi >= psiLimit && p <= allowed) {
        return new Drift(
            0,
            DriftMethod.PSI.label(),
            0,
            psi,
            psiLimit,
            psi,
            Math.min(1, p * tests),
            values,
            sinceNanos);
      }
    }
    return null;
  }

  /**
   * The shares of bins with so many values each, and half a value more: an empty one says that its
   * share is small, not that it is 0.
   */
  static double[] shares(int[] counts, long count) {
    double[] shares = new double[counts.length];
    for (int b = 0; b < shares.length; b++) {
      shares[b] = (counts[b] + 0.5) / (count + 0.5 * shares.length);
    }
    return shares;
  }

  /** How often so many independent values differ as much or more from the baseline, by χ². */
  static double divergenceAbove(double[] shares, double[] baseline, double samples) {
    return Normal.chiSquaredAbove(
        2 * samples * Distances.divergence(shares, baseline), shares.length - 1);
  }

  /** How often so many independent values are as far from the baseline or more: Massart's bound. */
  static double ksAbove(double distance, double samples) {
    return Math.min(1, 2 * Math.exp(-2 * samples * distance * distance));
  }
}
