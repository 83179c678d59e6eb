package io.innerspan.signals.saliency;

import java.util.Arrays;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** Functions with known attributions. */
record Functions(
    int size, int batch, ToDoubleFunction<double[]> value, Function<double[], double[]> gradient)
    implements Differentiable {
  private static final int BATCH = 3;

  /** w·x + 1. */
  static Functions linear(double... weights) {
    return new Functions(weights.length, BATCH, x -> dot(weights, x) + 1, x -> weights.clone());
  }

  /** x₁² x₂. */
  static Functions cubic() {
    return new Functions(
        2, BATCH, x -> x[0] * x[0] * x[1], x -> new double[] {2 * x[0] * x[1], x[0] * x[0]});
  }

  /** Both of two. */
  static Functions and() {
    return new Functions(2, BATCH, x -> x[0] * x[1], x -> new double[] {x[1], x[0]});
  }

  /** sin a x₁ + sin b x₂. */
  static Functions wave(double a, double b) {
    return new Functions(
        2,
        BATCH,
        x -> Math.sin(a * x[0]) + Math.sin(b * x[1]),
        x -> new double[] {a * Math.cos(a * x[0]), b * Math.cos(b * x[1])});
  }

  /** The probability of one class. */
  static Functions softmax(double[][] weights, int target) {
    return new Functions(
        weights[0].length,
        BATCH,
        x -> probabilities(weights, x)[target],
        x -> {
          double[] p = probabilities(weights, x);
          double[] gradient = new double[x.length];
          for (int k = 0; k < weights.length; k++) {
            double factor = p[target] * ((k == target ? 1 : 0) - p[k]);
            for (int i = 0; i < x.length; i++) {
              gradient[i] += factor * weights[k][i];
            }
          }
          return gradient;
        });
  }

  /** The same without its gradient. */
  PointFunction opaque() {
    Functions self = this;
    return new PointFunction() {
      @Override
      public int size() {
        return self.size;
      }

      @Override
      public int batch() {
        return self.batch;
      }

      @Override
      public double[] values(double[][] points) {
        return self.values(points);
      }
    };
  }

  @Override
  public double[] values(double[][] points) {
    requireBatch(points);
    return Arrays.stream(points).mapToDouble(value).toArray();
  }

  @Override
  public double[][] gradients(double[][] points) {
    requireBatch(points);
    return Arrays.stream(points).map(gradient).toArray(double[][]::new);
  }

  private void requireBatch(double[][] points) {
    if (points.length < 1 || points.length > batch) {
      throw new IllegalArgumentException("expected 1 to " + batch + ", found " + points.length);
    }
  }

  static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static double[] probabilities(double[][] weights, double[] x) {
    double[] exponents = Arrays.stream(weights).mapToDouble(w -> Math.exp(dot(w, x))).toArray();
    double sum = Arrays.stream(exponents).sum();
    return Arrays.stream(exponents).map(e -> e / sum).toArray();
  }
}
