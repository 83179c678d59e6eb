package io.innerspan.workbench.stats;

import java.util.Locale;

/** Exact binomial tails and the bounds made of them. */
public final class Binomial {
  /** P(X ≤ k) for X ~ Binomial(n, p). */
  static double cumulative(int k, int n, double p) {
    if (k >= n || p <= 0) {
      return 1;
    }
    if (p >= 1) {
      return 0;
    }
    double logTerm = n * Math.log1p(-p);
    double odds = Math.log(p) - Math.log1p(-p);
    double sum = Math.exp(logTerm);
    for (int i = 1; i <= k; i++) {
      logTerm += Math.log((double) (n - i + 1) / i) + odds;
      sum += Math.exp(logTerm);
    }
    return Math.min(1, sum);
  }

  /**
   * The one-sided Clopper–Pearson upper bound: the rate p at which seeing k or fewer of n has the
   * probability {@code 1 − confidence} (Clopper and Pearson, Biometrika 26, 1934).
   */
  public static double upperBound(int k, int n, double confidence) {
    if (k < 0 || n < 1 || k > n || !(confidence > 0 && confidence < 1)) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "expected 0 <= k <= n, n >= 1 and a confidence in (0, 1), found k=%d n=%d confidence=%s",
              k,
              n,
              confidence));
    }
    if (k == n) {
      return 1;
    }
    double low = (double) k / n;
    double high = 1;
    // 80 halvings reach the last bit of a double anywhere in [0, 1].
    for (int i = 0; i < 80; i++) {
      double middle = (low + high) / 2;
      if (cumulative(k, n, middle) > 1 - confidence) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return high;
  }

  /**
   * The most exceedances among n that still certify a rate: the largest k whose upper bound is at
   * most {@code rate}, or −1 when even 0 of n does not.
   */
  static int allowance(int n, double rate, double confidence) {
    int k = -1;
    while (k + 1 < n && cumulative(k + 1, n, rate) <= 1 - confidence) {
      k++;
    }
    return k;
  }

  private Binomial() {}
}
