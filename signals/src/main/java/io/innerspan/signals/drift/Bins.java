package io.innerspan.signals.drift;

import java.util.Arrays;

/**
 * The bins of a baseline, each with its share of the values and its place on the scale on which the
 * baseline is normally distributed with mean 0 and variance 1. Immutable.
 */
final class Bins {
  private final double[] edges;

  /** The edges, and infinity from there on, as many as a power of two less one. */
  private final double[] padded;

  private final double[] shares;
  private final double[] low;
  private final double[] high;
  private final double[] means;
  private final double[] squares;

  /**
   * @param edges ascending; bin b holds what lies above edge b − 1 and not above edge b
   * @param shares one more than edges, all above 0, with the sum 1
   */
  Bins(double[] edges, double[] shares) {
    int size = shares.length;
    this.edges = edges.clone();
    this.padded = padded(edges);
    this.shares = shares.clone();
    this.low = new double[size];
    this.high = new double[size];
    this.means = new double[size];
    this.squares = new double[size];
    double below = 0;
    for (int b = 0; b < size; b++) {
      low[b] = b == 0 ? Double.NEGATIVE_INFINITY : high[b - 1];
      below += shares[b];
      high[b] = b == size - 1 ? Double.POSITIVE_INFINITY : Normal.quantile(below);
      double from = Normal.density(low[b]);
      double to = Normal.density(high[b]);
      means[b] = (from - to) / shares[b];
      squares[b] = 1 + (weighted(low[b], from) - weighted(high[b], to)) / shares[b];
    }
  }

  private static double weighted(double z, double density) {
    return Double.isInfinite(z) ? 0 : z * density;
  }

  int size() {
    return shares.length;
  }

  /** The bin of a value that is a number. */
  int of(double value) {
    // The same steps for each value, without branches: values come in no order that could be
    // guessed.
    int below = 0;
    for (int step = (padded.length + 1) >> 1; step > 0; step >>= 1) {
      below += padded[below + step - 1] < value ? step : 0;
    }
    return below;
  }

  private static double[] padded(double[] edges) {
    int length = 1;
    while (length - 1 < edges.length) {
      length <<= 1;
    }
    double[] padded = Arrays.copyOf(edges, length - 1);
    Arrays.fill(padded, edges.length, padded.length, Double.POSITIVE_INFINITY);
    return padded;
  }

  double share(int bin) {
    return shares[bin];
  }

  double[] shares() {
    return shares.clone();
  }

  /** The mean of the normal scale within a bin. */
  double mean(int bin) {
    return means[bin];
  }

  /** The mean of its square within a bin. */
  double square(int bin) {
    return squares[bin];
  }

  /** What a normal distribution with this mean and standard deviation puts into each bin. */
  double[] shifted(double mean, double deviation) {
    double[] shifted = new double[shares.length];
    for (int b = 0; b < shifted.length; b++) {
      shifted[b] = Normal.between((low[b] - mean) / deviation, (high[b] - mean) / deviation);
    }
    return shifted;
  }
}
