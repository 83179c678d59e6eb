package io.innerspan.signals.drift;

import io.innerspan.signals.InvalidValueException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Makes a baseline of values in the order in which they came. */
final class BaselineBuilder {
  // As many stretches are compared with each other; none is shorter than the least.
  private static final int BLOCKS = 64;
  private static final int LEAST_BLOCK = 256;

  private static final int FEWEST_PER_BIN = 20;

  /** As many standard errors from the whole, a stretch differs: once in some thousand baselines. */
  private static final double DIFFERS = 4.5;

  private final double[] scores;
  private final double[] squares;
  private final int block;

  private BaselineBuilder(double[] scores, double[] squares, int block) {
    this.scores = scores;
    this.squares = squares;
    this.block = block;
  }

  static Baseline build(double[] values) {
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i])) {
        throw new InvalidValueException("values[" + i + "]", "a finite number", values[i]);
      }
    }
    if (values.length < Baseline.MIN_COUNT) {
      throw new InvalidValueException("values", "at least " + Baseline.MIN_COUNT, values.length);
    }
    double[] edges = edges(values);
    double[] shares = shares(values, 0, values.length, edges);
    Bins bins = new Bins(edges, shares);
    double[] scores = new double[values.length];
    double[] squares = new double[values.length];
    for (int i = 0; i < values.length; i++) {
      scores[i] = bins.mean(bins.of(values[i]));
      squares[i] = bins.square(bins.of(values[i]));
    }
    int block = Math.max(LEAST_BLOCK, values.length / BLOCKS);
    if (block > values.length) {
      block = values.length;
    }
    BaselineBuilder builder = new BaselineBuilder(scores, squares, block);
    List<Double> autocorrelation = builder.autocorrelation();
    List<List<Double>> regimes = new ArrayList<>();
    for (int start : builder.unlike(Thinning.time(autocorrelation, values.length))) {
      regimes.add(list(shares(values, start, start + block, edges)));
    }
    return new Baseline(
        values.length,
        list(edges),
        list(shares),
        autocorrelation,
        regimes,
        regimes.isEmpty() ? values.length : block);
  }

  /** Quantiles, closer to each other at both ends; each bin has some values. */
  private static double[] edges(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double[] edges = new double[Grid.SHARES.length];
    int size = 0;
    int before = 0;
    for (double share : Grid.SHARES) {
      double edge = sorted[(int) Math.min(sorted.length - 1, (long) (share * sorted.length))];
      int upTo = upTo(sorted, edge);
      if (upTo - before >= FEWEST_PER_BIN && sorted.length - upTo >= FEWEST_PER_BIN) {
        edges[size++] = edge;
        before = upTo;
      }
    }
    if (size == 0) {
      throw new InvalidValueException(
          "values", "at least two that are not rare", "only " + sorted[sorted.length / 2]);
    }
    return Arrays.copyOf(edges, size);
  }

  /** How many of the values are not above the edge. */
  private static int upTo(double[] sorted, double edge) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] <= edge) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static double[] shares(double[] values, int from, int to, double[] edges) {
    double[] shares = new double[edges.length + 1];
    for (int i = from; i < to; i++) {
      int at = Arrays.binarySearch(edges, values[i]);
      shares[at < 0 ? -at - 1 : at]++;
    }
    for (int b = 0; b < shares.length; b++) {
      shares[b] /= to - from;
    }
    return shares;
  }

  /** Within stretches, so that slow changes do not count: those are the regimes. */
  private List<Double> autocorrelation() {
    List<Double> found = new ArrayList<>();
    for (int lag = 1; lag <= block / 8; lag *= 2) {
      double products = 0;
      double variance = 0;
      for (int start = 0; start + block <= scores.length; start += block) {
        double mean = mean(scores, start);
        for (int i = start; i < start + block; i++) {
          double deviation = scores[i] - mean;
          variance += deviation * deviation;
          if (i >= start + lag) {
            products += deviation * (scores[i - lag] - mean);
          }
        }
      }
      double corrected = products / variance * block / (block - lag);
      found.add(Math.max(-1, Math.min(1, corrected)));
    }
    return found;
  }

  /** The starts of the stretches with the most extreme means and spreads, if they differ. */
  private List<Integer> unlike(double time) {
    List<Integer> starts = new ArrayList<>();
    double meanError = Math.sqrt(time / block);
    double squareError = Math.sqrt(2 * time / block);
    addExtremes(scores, 0, DIFFERS * meanError, starts);
    addExtremes(squares, 1, DIFFERS * squareError, starts);
    return starts;
  }

  private void addExtremes(double[] of, double expected, double allowed, List<Integer> starts) {
    int lowest = 0;
    int highest = 0;
    for (int start = 0; start + block <= of.length; start += block) {
      lowest = mean(of, start) < mean(of, lowest) ? start : lowest;
      highest = mean(of, start) > mean(of, highest) ? start : highest;
    }
    if (mean(of, lowest) < expected - allowed && !starts.contains(lowest)) {
      starts.add(lowest);
    }
    if (mean(of, highest) > expected + allowed && !starts.contains(highest)) {
      starts.add(highest);
    }
  }

  private double mean(double[] of, int start) {
    double sum = 0;
    for (int i = start; i < start + block; i++) {
      sum += of[i];
    }
    return sum / block;
  }

  private static List<Double> list(double[] values) {
    return Arrays.stream(values).boxed().toList();
  }
}
