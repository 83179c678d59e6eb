package io.innerspan.signals.reference;

import io.innerspan.signals.Pooling;
import java.util.Arrays;

/** Makes one logit of the logits of a row's real tokens. */
final class TokenPooling {
  /**
   * The pooled logit.
   *
   * @param logits {@code [n]}, of the real tokens in their order, at least one
   */
  static double pool(Pooling pooling, double[] logits) {
    return switch (pooling.kind()) {
      case MAX -> Arrays.stream(logits).max().orElseThrow();
      case TOP_K_MEAN -> topKMean(logits, (int) pooling.parameter());
      case ROLLING_MAX -> rollingMax(logits, (int) pooling.parameter());
      case SOFTMAX -> softmax(logits, pooling.parameter());
      case EMA -> ema(logits, pooling.parameter());
      case MEAN, LAST, CLS ->
          throw new IllegalArgumentException(pooling + " pools activations, not logits");
    };
  }

  /** The mean, first or last activation of the tokens that take part, at least one. */
  static double[] activation(Pooling pooling, float[][] activations, TokenMask tokens) {
    if (pooling.kind() != Pooling.Kind.MEAN) {
      boolean first = pooling.kind() == Pooling.Kind.CLS;
      return RowInputs.doubles(activations[first ? tokens.first() : tokens.last()]);
    }
    double[] mean = new double[activations[tokens.first()].length];
    for (int i = 0; i < mean.length; i++) {
      for (int token = tokens.first(); token <= tokens.last(); token++) {
        mean[i] += tokens.isReal(token) ? activations[token][i] : 0;
      }
      mean[i] /= tokens.count();
    }
    return mean;
  }

  private static double topKMean(double[] logits, int k) {
    double[] ascending = logits.clone();
    Arrays.sort(ascending);
    int count = Math.min(k, ascending.length);
    double sum = 0;
    for (int i = 1; i <= count; i++) {
      sum += ascending[ascending.length - i];
    }
    return sum / count;
  }

  private static double rollingMax(double[] logits, int window) {
    int width = Math.min(window, logits.length);
    double max = Double.NEGATIVE_INFINITY;
    for (int end = width; end <= logits.length; end++) {
      double sum = 0;
      for (int token = end - width; token < end; token++) {
        sum += logits[token];
      }
      max = Math.max(max, sum / width);
    }
    return max;
  }

  private static double softmax(double[] logits, double temperature) {
    double max = Arrays.stream(logits).max().orElseThrow();
    double weights = 0;
    double sum = 0;
    for (double logit : logits) {
      double weight = Math.exp((logit - max) / temperature);
      weights += weight;
      sum += weight * logit;
    }
    return sum / weights;
  }

  private static double ema(double[] logits, double alpha) {
    double average = 0;
    double max = Double.NEGATIVE_INFINITY;
    for (double logit : logits) {
      average = alpha * logit + (1 - alpha) * average;
      max = Math.max(max, average);
    }
    return max;
  }

  private TokenPooling() {}
}
