package io.innerspan.signals.reference;

/** Sums over vectors, in ascending order. */
final class Vectors {
  static double dot(double[] x, double[] y) {
    double sum = 0;
    for (int i = 0; i < x.length; i++) {
      sum += x[i] * y[i];
    }
    return sum;
  }

  static double squares(double[] x) {
    return dot(x, x);
  }

  static double mean(double[] x) {
    double sum = 0;
    for (double value : x) {
      sum += value;
    }
    return sum / x.length;
  }

  /** The index of the largest value, the first of equals. */
  static int argMax(double[] x) {
    int best = 0;
    for (int i = 1; i < x.length; i++) {
      if (x[i] > x[best]) {
        best = i;
      }
    }
    return best;
  }

  /** The indices of the {@code count} largest values, the lower index first among equals. */
  static int[] largest(double[] x, int count) {
    int[] indices = new int[count];
    boolean[] taken = new boolean[x.length];
    for (int rank = 0; rank < count; rank++) {
      int best = -1;
      for (int i = 0; i < x.length; i++) {
        if (!taken[i] && (best < 0 || x[i] > x[best])) {
          best = i;
        }
      }
      taken[best] = true;
      indices[rank] = best;
    }
    return indices;
  }

  /** {@code ln softmax(logits / temperature)}. */
  static double[] logSoftmax(double[] logits, double temperature) {
    double max = logits[argMax(logits)] / temperature;
    double sum = 0;
    double[] logs = new double[logits.length];
    for (int i = 0; i < logits.length; i++) {
      logs[i] = logits[i] / temperature - max;
      sum += Math.exp(logs[i]);
    }
    for (int i = 0; i < logs.length; i++) {
      logs[i] -= Math.log(sum);
    }
    return logs;
  }

  /** {@code −Σ p ln p} in nats; a probability of 0 adds nothing. */
  static double entropy(double[] logProbabilities) {
    double sum = 0;
    for (double log : logProbabilities) {
      double p = Math.exp(log);
      sum -= p == 0 ? 0 : p * log;
    }
    return sum;
  }

  private Vectors() {}
}
