package io.innerspan.workbench.train;

import io.innerspan.signals.Pooling;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Which tokens decide what a pooling makes of a text's logits, and how much: {@code pooled = Σ_j
 * weight_j · logit_j}.
 */
final class Deciding {
  /**
   * The weights of tokens; they sum to 1 but for an exponential moving average, which begins at 0.
   *
   * @param pooling of logits
   * @param logits of a text's tokens, at least one
   */
  static double[] weights(Pooling pooling, double[] logits) {
    return switch (pooling.kind()) {
      case MAX -> topK(logits, 1);
      case TOP_K_MEAN -> topK(logits, (int) pooling.parameter());
      case ROLLING_MAX -> window(logits, (int) pooling.parameter());
      case SOFTMAX -> softmax(logits, pooling.parameter());
      case EMA -> average(logits, pooling.parameter());
      case MEAN, LAST, CLS ->
          throw new IllegalArgumentException(pooling + " pools activations, not logits");
    };
  }

  /** The pooled logit. */
  static double pooled(Pooling pooling, double[] logits) {
    double[] weights = weights(pooling, logits);
    double sum = 0;
    for (int token = 0; token < logits.length; token++) {
      // 0 times an infinite logit would be none.
      sum += weights[token] == 0 ? 0 : weights[token] * logits[token];
    }
    return sum;
  }

  /**
   * The mean activation by these weights.
   *
   * @param activations {@code [tokens][width]}
   */
  static float[] activation(Pooling pooling, double[] logits, float[][] activations) {
    double[] weights = weights(pooling, logits);
    double sum = Arrays.stream(weights).sum();
    double[] mean = new double[activations[0].length];
    for (int token = 0; token < weights.length; token++) {
      if (weights[token] == 1 && sum == 1) {
        return activations[token];
      }
      for (int d = 0; weights[token] != 0 && d < mean.length; d++) {
        mean[d] += weights[token] / sum * activations[token][d];
      }
    }
    float[] single = new float[mean.length];
    for (int d = 0; d < mean.length; d++) {
      single[d] = (float) mean[d];
    }
    return single;
  }

  /** The greatest count alike; of equals the first. */
  private static double[] topK(double[] logits, int k) {
    double[] weights = new double[logits.length];
    int count = Math.min(k, logits.length);
    IntStream.range(0, logits.length)
        .boxed()
        .sorted(Comparator.comparingDouble(token -> -logits[token]))
        .limit(count)
        .forEach(token -> weights[token] = 1.0 / count);
    return weights;
  }

  private static double[] window(double[] logits, int window) {
    int width = Math.min(window, logits.length);
    int best = 0;
    double most = Double.NEGATIVE_INFINITY;
    for (int from = 0; from + width <= logits.length; from++) {
      double sum = 0;
      for (int token = from; token < from + width; token++) {
        sum += logits[token];
      }
      if (sum > most) {
        most = sum;
        best = from;
      }
    }
    double[] weights = new double[logits.length];
    Arrays.fill(weights, best, best + width, 1.0 / width);
    return weights;
  }

  private static double[] softmax(double[] logits, double temperature) {
    double most = Arrays.stream(logits).max().orElseThrow();
    double[] weights =
        Arrays.stream(logits).map(logit -> Math.exp((logit - most) / temperature)).toArray();
    double sum = Arrays.stream(weights).sum();
    return Arrays.stream(weights).map(weight -> weight / sum).toArray();
  }

  private static double[] average(double[] logits, double alpha) {
    int best = 0;
    double average = 0;
    double most = Double.NEGATIVE_INFINITY;
    for (int token = 0; token < logits.length; token++) {
      average = alpha * logits[token] + (1 - alpha) * average;
      if (average > most) {
        most = average;
        best = token;
      }
    }
    double[] weights = new double[logits.length];
    double weight = alpha;
    for (int token = best; token >= 0; token--) {
      weights[token] = weight;
      weight *= 1 - alpha;
    }
    return weights;
  }

  private Deciding() {}
}
