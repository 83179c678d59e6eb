package io.innerspan.signals.drift;

import io.innerspan.signals.InvalidValueException;
import java.util.List;

/**
 * How one value of a signal is distributed while all is well. Immutable.
 *
 * <p>A bin holds the values above the edge before it and not above its own; the last holds the
 * rest. So a value that many readings have exactly, such as a layer, is an edge.
 *
 * @param count how many values it is made of, at least {@value #MIN_COUNT}
 * @param edges ascending, finite, 1 to {@value #MAX_EDGES}
 * @param shares of the values by bin: one more than edges, above 0, with the sum 1
 * @param autocorrelation of the values, on the normal scale, at the lags 1, 2, 4, 8 and so on, in
 *     [−1, 1]; empty when they are independent
 * @param regimes what the baseline's distribution is in stretches of it that differ from the whole,
 *     such as the hours of the night: shares by bin, at least 0, with the sum 1; empty when none
 *     differs
 * @param block how many values a regime is made of; {@code count} without any
 */
public record Baseline(
    long count,
    List<Double> edges,
    List<Double> shares,
    List<Double> autocorrelation,
    List<List<Double>> regimes,
    long block) {
  /** Fewer values say too little about rare ones. */
  public static final int MIN_COUNT = 200;

  /** The largest number of edges. */
  public static final int MAX_EDGES = 256;

  private static final int MAX_LAGS = 20;
  private static final int MAX_REGIMES = 8;
  private static final double TOLERANCE = 1e-6;

  public Baseline {
    edges = List.copyOf(edges);
    shares = List.copyOf(shares);
    autocorrelation = List.copyOf(autocorrelation);
    regimes = regimes.stream().map(List::copyOf).toList();
    if (count < MIN_COUNT) {
      throw new InvalidValueException("count", "at least " + MIN_COUNT, count);
    }
    if (block < 1 || block > count) {
      throw new InvalidValueException("block", "from 1 to the count, " + count, block);
    }
    ascending(edges);
    shares("shares", shares, edges.size() + 1, false);
    if (autocorrelation.size() > MAX_LAGS) {
      throw new InvalidValueException(
          "autocorrelation", "at most " + MAX_LAGS + " lags", autocorrelation.size());
    }
    for (int i = 0; i < autocorrelation.size(); i++) {
      double value = autocorrelation.get(i);
      if (!(value >= -1 && value <= 1)) {
        throw new InvalidValueException(
            "autocorrelation[" + i + "]", "a number from -1 to 1", value);
      }
    }
    if (regimes.size() > MAX_REGIMES) {
      throw new InvalidValueException("regimes", "at most " + MAX_REGIMES, regimes.size());
    }
    for (int i = 0; i < regimes.size(); i++) {
      shares("regimes[" + i + "]", regimes.get(i), edges.size() + 1, true);
    }
  }

  /** Begins a baseline of values in the order in which they came. */
  public static Baseline of(double[] values) {
    return BaselineBuilder.build(values);
  }

  /** The edges and shares, ready for use. */
  Bins bins() {
    return new Bins(array(edges), array(shares));
  }

  static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static void ascending(List<Double> edges) {
    if (edges.isEmpty() || edges.size() > MAX_EDGES) {
      throw new InvalidValueException("edges", "1 to " + MAX_EDGES, edges.size());
    }
    for (int i = 0; i < edges.size(); i++) {
      double edge = edges.get(i);
      if (!Double.isFinite(edge)) {
        throw new InvalidValueException("edges[" + i + "]", "a finite number", edge);
      }
      if (i > 0 && !(edge > edges.get(i - 1))) {
        throw new InvalidValueException(
            "edges[" + i + "]", "more than the one before, " + edges.get(i - 1), edge);
      }
    }
  }

  private static void shares(String what, List<Double> shares, int size, boolean orNone) {
    if (shares.size() != size) {
      throw new InvalidValueException(what, "one more than edges, " + size, shares.size());
    }
    double sum = 0;
    for (int i = 0; i < size; i++) {
      double share = shares.get(i);
      if (!(orNone ? share >= 0 && share <= 1 : share > 0 && share < 1)) {
        throw new InvalidValueException(
            what + "[" + i + "]", orNone ? "from 0 to 1" : "above 0 and below 1", share);
      }
      sum += share;
    }
    if (Math.abs(sum - 1) > TOLERANCE) {
      throw new InvalidValueException(what, "the sum 1", sum);
    }
  }
}
