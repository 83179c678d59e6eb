package io.innerspan.signals.saliency;

import java.util.Arrays;
import java.util.function.IntFunction;

/** Evaluates a function at more points than it takes at once, which are made as they are needed. */
final class Batches {
  /**
   * Values at points.
   *
   * @param count how many
   * @param points by number
   */
  static double[] values(PointFunction function, int count, IntFunction<double[]> points) {
    double[] all = new double[count];
    for (int from = 0; from < count; from += function.batch()) {
      double[][] some = some(function, from, count, points);
      double[] values = function.values(some);
      require(some.length, values.length);
      System.arraycopy(values, 0, all, from, values.length);
    }
    return all;
  }

  /** Takes gradients in the order of their points. */
  interface Consumer {
    void accept(int number, double[] gradient);
  }

  /** Gradients at points, none of which is kept. */
  static void gradients(
      Differentiable function, int count, IntFunction<double[]> points, Consumer consumer) {
    for (int from = 0; from < count; from += function.batch()) {
      double[][] some = some(function, from, count, points);
      double[][] gradients = function.gradients(some);
      require(some.length, gradients.length);
      for (int i = 0; i < gradients.length; i++) {
        consumer.accept(from + i, gradients[i]);
      }
    }
  }

  private static double[][] some(
      PointFunction function, int from, int count, IntFunction<double[]> points) {
    double[][] some = new double[Math.min(function.batch(), count - from)][];
    Arrays.setAll(some, i -> points.apply(from + i));
    return some;
  }

  private static void require(int expected, int found) {
    if (found != expected) {
      throw new IllegalStateException("expected " + expected + " results, found " + found);
    }
  }

  private Batches() {}
}
