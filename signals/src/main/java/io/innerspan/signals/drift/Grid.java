package io.innerspan.signals.drift;

import java.util.Arrays;

/** Where a baseline's bins end, as shares of its values. */
final class Grid {
  /** Thirty-seconds, and at each end three halvings more. */
  static final double[] SHARES = shares();

  private static double[] shares() {
    double[] shares = new double[37];
    int size = 0;
    for (int tail = 256; tail > 32; tail /= 2) {
      shares[size++] = 1.0 / tail;
      shares[size++] = 1 - 1.0 / tail;
    }
    for (int i = 1; i < 32; i++) {
      shares[size++] = i / 32.0;
    }
    Arrays.sort(shares);
    return shares;
  }

  private Grid() {}
}
