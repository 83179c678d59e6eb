package io.innerspan.signals.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whether p-values are right where counting does not reach, down to 1e-8 and below: the functions
 * against closed forms, and what they say of windows against the windows' exact distribution, or
 * one that is drawn where such windows are common and weighted back.
 */
class PValuesTest {
  private static final int VALUES = 2_000;
  private static final double[] SMALL = {1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10};

  /** From tables: the share of a standard normal distribution below −z. */
  @ParameterizedTest
  @CsvSource({
    "1, 1.586552539314571e-1",
    "2, 2.275013194817921e-2",
    "3, 1.349898031630095e-3",
    "4, 3.167124183311992e-5",
    "5, 2.866515718791939e-7",
    "6, 9.865876450376981e-10",
    "7, 1.279812543885835e-12",
    "8, 6.220960574271784e-16",
    "10, 7.619853024160526e-24"
  })
  void below_inTheTail_knownAnswer(double z, double share) {
    assertThat(Normal.below(-z)).isCloseTo(share, withinPercentage(1e-8));
    assertThat(Normal.quantile(share)).isCloseTo(-z, within(1e-12));
  }

  /** With an even number of degrees it is a Poisson distribution's sum. */
  @ParameterizedTest
  @ValueSource(ints = {2, 4, 10, 20, 32, 64, 256})
  void chiSquaredAbove_evenDegrees_isTheClosedForm(int degrees) {
    for (double value = 0.5; value < 800; value *= 1.3) {
      double term = Math.exp(-value / 2);
      double sum = term;
      for (int j = 1; j < degrees / 2; j++) {
        term *= value / 2 / j;
        sum += term;
      }
      assertThat(Normal.chiSquaredAbove(value, degrees))
          .as("%s above %s", degrees, value)
          .isCloseTo(sum, withinPercentage(1e-7));
    }
  }

  /** With an odd number, the normal distribution and a sum. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 9, 31, 63})
  void chiSquaredAbove_oddDegrees_isTheClosedForm(int degrees) {
    for (int z = 1; z <= 10; z++) {
      double term = 2 * Normal.density(z) * z;
      double sum = 2 * Normal.below(-z);
      for (int r = 1; r <= (degrees - 1) / 2; r++) {
        sum += term;
        term *= (double) z * z / (2 * r + 1);
      }
      assertThat(Normal.chiSquaredAbove((double) z * z, degrees))
          .as("%s above %s", degrees, z * z)
          .isCloseTo(sum, withinPercentage(1e-7));
    }
  }

  /** Smirnov's exact distribution of the one-sided distance of values without bins, twice. */
  @ParameterizedTest
  @ValueSource(ints = {100, 1_000, 5_000})
  void ksAbove_isAtLeastTheExactShare_andNotMuchMore(int samples) {
    double[] logFactorials = logFactorials(samples);
    for (double target : SMALL) {
      double distance = Math.sqrt(Math.log(2 / target) / 2 / samples);
      assertThat(WindowTests.ksAbove(distance, samples)).isCloseTo(target, withinPercentage(1e-9));
      assertThat(2 * smirnov(samples, distance, logFactorials))
          .as("%s of %s", target, samples)
          .isBetween((samples < 1_000 ? 0.4 : 0.7) * target, target);
    }
  }

  /** Birnbaum and Tingey: d Σ C(n, j) (d + j/n)^(j−1) (1 − d − j/n)^(n−j). */
  private static double smirnov(int n, double d, double[] logFactorials) {
    double sum = 0;
    for (int j = 0; j <= n * (1 - d); j++) {
      double left = 1 - d - (double) j / n;
      if (left > 0) {
        sum +=
            Math.exp(
                logFactorials[n]
                    - logFactorials[j]
                    - logFactorials[n - j]
                    + (j - 1) * Math.log(d + (double) j / n)
                    + (n - j) * Math.log(left));
      }
    }
    return d * sum;
  }

  /** The exact share of windows of the baseline's own bins: how many values lie below each edge. */
  @Test
  void ksAbove_ofBins_isAtLeastTheExactShare() {
    double[] shares = baseline().bins().shares();
    double[] logFactorials = logFactorials(VALUES);
    for (double target : new double[] {1e-4, 1e-8}) {
      double distance = Math.sqrt(Math.log(2 / target) / 2 / VALUES);
      assertThat(binned(shares, distance, logFactorials))
          .as("%s", target)
          .isBetween(0.1 * target, target);
    }
  }

  /** The share of windows whose distance is above a limit after some bin, summed at the first. */
  private static double binned(double[] shares, double limit, double[] logFactorials) {
    double[] at = new double[VALUES + 1];
    at[0] = 1;
    double below = 0;
    double found = 0;
    for (int b = 0; b < shares.length - 1; b++) {
      double next = shares[b] / (1 - below);
      double logIn = Math.log(next);
      double logOut = Math.log1p(-next);
      below += shares[b];
      double[] after = new double[VALUES + 1];
      for (int from = 0; from <= VALUES; from++) {
        if (at[from] > 0) {
          int left = VALUES - from;
          for (int in = 0; in <= left; in++) {
            double log =
                logFactorials[left]
                    - logFactorials[in]
                    - logFactorials[left - in]
                    + in * logIn
                    + (left - in) * logOut;
            // What is left out is far below what is looked for.
            if (log > -60) {
              after[from + in] += at[from] * Math.exp(log);
            }
          }
        }
      }
      for (int count = 0; count <= VALUES; count++) {
        int[] counts = {count, VALUES - count};
        double[] smoothed = smoothed(counts, b + 1, shares.length);
        if (Math.abs(smoothed[0] - below) >= limit) {
          found += after[count];
          after[count] = 0;
        }
      }
      at = after;
    }
    return found;
  }

  /** What is below and above an edge after so many bins, with half a value more in each bin. */
  private static double[] smoothed(int[] counts, int bins, int of) {
    double all = VALUES + 0.5 * of;
    return new double[] {(counts[0] + 0.5 * bins) / all, (counts[1] + 0.5 * (of - bins)) / all};
  }

  /** Each window of 300 values in four bins there can be. */
  @Test
  void divergenceAbove_ofFourBins_isTheExactShare() throws IOException {
    double[] shares = {0.1, 0.2, 0.3, 0.4};
    int values = 300;
    double[] logFactorials = logFactorials(values);
    double[] exact = new double[SMALL.length];
    for (int a = 0; a <= values; a++) {
      for (int b = 0; a + b <= values; b++) {
        for (int c = 0; a + b + c <= values; c++) {
          int[] counts = {a, b, c, values - a - b - c};
          double log = logFactorials[values];
          for (int i = 0; i < counts.length; i++) {
            log += counts[i] * Math.log(shares[i]) - logFactorials[counts[i]];
          }
          if (log > -60) {
            double[] smoothed = WindowTests.shares(counts, values);
            add(exact, WindowTests.divergenceAbove(smoothed, shares, values), Math.exp(log));
          }
        }
      }
    }

    write("psi-four-bins", exact);
    for (int i = 0; i < SMALL.length; i++) {
      assertThat(exact[i]).as("%s", SMALL[i]).isBetween(0.3 * SMALL[i], 1.1 * SMALL[i]);
    }
  }

  /**
   * Windows of the baseline's own bins. Their shares are drawn first, from a Dirichlet distribution
   * so wide that windows with such a p-value are common, whose probability is known: the weight of
   * a window is how much more probable it is without that.
   */
  @Test
  void divergenceAbove_ofTheBaselinesBins_isTheWeightedShare() throws IOException {
    double[] shares = baseline().bins().shares();
    int windows = 6_000;
    SplittableRandom random = new SplittableRandom(71);
    // χ² for 1e-6 is about 2.5 times the degrees of 32 bins.
    double concentration = VALUES / 1.5;
    double[][] rising = new double[shares.length][];
    for (int b = 0; b < shares.length; b++) {
      rising[b] = logRising(concentration * shares[b]);
    }
    double[] risingAll = logRising(concentration);
    double[] estimate = new double[SMALL.length];
    for (int window = 0; window < windows; window++) {
      int[] counts = counts(dirichlet(shares, concentration, random), random);
      double log = risingAll[VALUES];
      for (int b = 0; b < shares.length; b++) {
        log += counts[b] * Math.log(shares[b]) - rising[b][counts[b]];
      }
      double p = WindowTests.divergenceAbove(WindowTests.shares(counts, VALUES), shares, VALUES);
      add(estimate, p, Math.exp(log) / windows);
    }

    write("psi", estimate);
    for (int i = 0; i < SMALL.length; i++) {
      assertThat(estimate[i]).as("%s", SMALL[i]).isBetween(0.1 * SMALL[i], 1.2 * SMALL[i]);
    }
  }

  /**
   * Means of two values that do not go together, drawn from windows that are tilted into each of
   * many directions, by how much more probable they are without that.
   */
  @Test
  void distanceAbove_ofTwoMeans_isTheWeightedShare() throws IOException {
    Bins bins = baseline().bins();
    Correlation none = new Correlation(List.of(List.of(1.0, 0.0), List.of(0.0, 1.0)));
    int values = 500;
    int windows = 6_000;
    int directions = 24;
    // χ² of two degrees is 28 at 1e-6.
    double tilt = Math.sqrt(28.0 / values);
    double[][] tilted = new double[2 * directions][];
    double[] logNorm = new double[2 * directions];
    for (int i = 0; i < directions; i++) {
      double angle = 2 * Math.PI * i / directions;
      for (int axis = 0; axis < 2; axis++) {
        double by = tilt * (axis == 0 ? Math.cos(angle) : Math.sin(angle));
        tilted[2 * i + axis] = new double[bins.size()];
        logNorm[2 * i + axis] = tilt(bins, by, tilted[2 * i + axis]);
      }
    }
    SplittableRandom random = new SplittableRandom(72);
    double[] estimate = new double[SMALL.length];
    for (int window = 0; window < windows; window++) {
      int direction = window % directions;
      double[] sums = new double[2];
      for (int axis = 0; axis < 2; axis++) {
        for (int i = 0; i < values; i++) {
          sums[axis] += bins.mean(draw(tilted[2 * direction + axis], random));
        }
      }
      double likely = 0;
      for (int i = 0; i < directions; i++) {
        double angle = 2 * Math.PI * i / directions;
        double dot = tilt * (Math.cos(angle) * sums[0] + Math.sin(angle) * sums[1]);
        likely += Math.exp(dot - values * (logNorm[2 * i] + logNorm[2 * i + 1])) / directions;
      }
      double[] means = {sums[0] / values, sums[1] / values};
      double p = JointWindow.distanceAbove(none.squaredDistance(means), 2, values);
      add(estimate, p, 1 / likely / windows);
    }

    write("mahalanobis", estimate);
    for (int i = 0; i < SMALL.length; i++) {
      assertThat(estimate[i]).as("%s", SMALL[i]).isBetween(0.3 * SMALL[i], 1.2 * SMALL[i]);
    }
  }

  /** What a window says is what the functions say, corrected by the number of tests. */
  @ParameterizedTest
  @CsvSource({"KS, 0.12", "PSI, 0.3"})
  void close_ofAWindowThatMoved_hasTheKnownPValue(DriftMethod method, double share) {
    Baseline baseline = baseline();
    Bins bins = baseline.bins();
    double[] shares = bins.shares();
    WindowTests tests = new WindowTests(Set.of(method), baseline, bins);
    int[] counts = moved(shares, share);
    double samples =
        (double) VALUES * baseline.block() / (VALUES + baseline.block()) / time(baseline);
    double[] smoothed = new double[counts.length];
    for (int b = 0; b < counts.length; b++) {
      smoothed[b] = (counts[b] + 0.5) / (VALUES + 0.5 * counts.length);
    }
    double known =
        method == DriftMethod.KS
            ? 2 * Math.exp(-2 * samples * Math.pow(Distances.ks(smoothed, shares), 2))
            : Normal.chiSquaredAbove(
                2 * samples * Distances.divergence(smoothed, shares), counts.length - 1);
    assertThat(known).isBetween(1e-300, 1e-8);

    fill(tests, counts);
    assertThat(tests.close(known * 0.999, 1e3, 0)).isNull();
    fill(tests, counts);
    Drift drift = tests.close(known * 1.001, 1e3, 0);
    assertThat(drift).isNotNull();
    assertThat(drift.pValue()).isCloseTo(1e3 * known, withinPercentage(1e-6));
  }

  private static void fill(WindowTests tests, int[] counts) {
    for (int b = 0; b < counts.length; b++) {
      for (int i = 0; i < counts[b]; i++) {
        tests.add(b);
      }
    }
  }

  /** The usual counts, with a share of the lower half moved to the upper half. */
  private static int[] moved(double[] shares, double share) {
    int[] counts = new int[shares.length];
    int half = shares.length / 2;
    int left = VALUES;
    for (int b = 0; b < counts.length - 1; b++) {
      double factor = b < half ? 1 - 2 * share : 1 + 2 * share;
      counts[b] = Math.min(left, (int) Math.round(VALUES * shares[b] * factor));
      left -= counts[b];
    }
    counts[counts.length - 1] = left;
    return counts;
  }

  private static double time(Baseline baseline) {
    return Thinning.time(baseline.autocorrelation(), baseline.count());
  }

  private static Baseline baseline() {
    return Baseline.of(Streams.take(Streams.independent(70), 20_000));
  }

  /** Adds a probability to all limits that a p-value is within. */
  private static void add(double[] within, double p, double probability) {
    for (int i = 0; i < SMALL.length; i++) {
      within[i] += p <= SMALL[i] ? probability : 0;
    }
  }

  /** For the documentation: how often windows have a p-value of at most each, as a part of it. */
  private static void write(String method, double[] shares) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < SMALL.length; i++) {
      text.append(String.format(Locale.ROOT, "%.0e %.3f%n", SMALL[i], shares[i] / SMALL[i]));
    }
    Files.writeString(Path.of("target", "p-values-" + method + ".txt"), text);
  }

  /** The logarithms of a (a + 1) … (a + i − 1). */
  private static double[] logRising(double a) {
    double[] rising = new double[VALUES + 1];
    for (int i = 0; i < VALUES; i++) {
      rising[i + 1] = rising[i] + Math.log(a + i);
    }
    return rising;
  }

  private static double[] logFactorials(int n) {
    double[] log = new double[n + 1];
    for (int i = 1; i <= n; i++) {
      log[i] = log[i - 1] + Math.log(i);
    }
    return log;
  }

  /** Cumulative shares around those given. */
  private static double[] dirichlet(
      double[] shares, double concentration, SplittableRandom random) {
    double[] drawn = new double[shares.length];
    double sum = 0;
    for (int b = 0; b < drawn.length; b++) {
      sum += gamma(concentration * shares[b], random);
      drawn[b] = sum;
    }
    for (int b = 0; b < drawn.length; b++) {
      drawn[b] /= sum;
    }
    return drawn;
  }

  /** Marsaglia and Tsang's method, for shapes of at least 1. */
  private static double gamma(double shape, SplittableRandom random) {
    assertThat(shape).isGreaterThanOrEqualTo(1);
    double d = shape - 1.0 / 3;
    while (true) {
      double z = random.nextGaussian();
      double v = Math.pow(1 + z / Math.sqrt(9 * d), 3);
      if (v > 0 && Math.log(1 - random.nextDouble()) < z * z / 2 + d - d * v + d * Math.log(v)) {
        return d * v;
      }
    }
  }

  private static int[] counts(double[] cumulative, SplittableRandom random) {
    int[] counts = new int[cumulative.length];
    for (int i = 0; i < VALUES; i++) {
      counts[draw(cumulative, random)]++;
    }
    return counts;
  }

  private static int draw(double[] cumulative, SplittableRandom random) {
    int found = Arrays.binarySearch(cumulative, random.nextDouble());
    return Math.min(found < 0 ? -found - 1 : found, cumulative.length - 1);
  }

  /**
   * Cumulative shares of bins, each weighted by exp(by · its mean).
   *
   * @return the logarithm of the sum of weighted shares
   */
  private static double tilt(Bins bins, double by, double[] into) {
    double sum = 0;
    for (int b = 0; b < into.length; b++) {
      sum += bins.share(b) * Math.exp(by * bins.mean(b));
      into[b] = sum;
    }
    for (int b = 0; b < into.length; b++) {
      into[b] /= sum;
    }
    return Math.log(sum);
  }
}
