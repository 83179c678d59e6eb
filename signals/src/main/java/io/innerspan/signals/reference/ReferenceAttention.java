package io.innerspan.signals.reference;

import io.innerspan.signals.AttentionProbe;
import io.innerspan.signals.Floats;

/** The logit of an attention probe for one row. */
final class ReferenceAttention {
  /**
   * The logit.
   *
   * @param tokens {@code [n][d]}, what the heads read of the real tokens, at least one
   */
  static double logit(AttentionProbe probe, double[][] tokens) {
    double[][] values = products(probe.values(), probe.heads(), tokens);
    double logit =
        switch (probe.rule().kind()) {
          case MULTIMAX -> multimax(values);
          case ATTENTION -> attention(queries(probe, tokens), values, 0, tokens.length);
          case ROLLING_ATTENTION -> rolling(queries(probe, tokens), values, probe.rule().window());
        };
    return logit + probe.bias();
  }

  private static double[][] queries(AttentionProbe probe, double[][] tokens) {
    return products(probe.queries(), probe.heads(), tokens);
  }

  /** {@code [heads][n]}. */
  private static double[][] products(Floats rows, int heads, double[][] tokens) {
    int width = rows.size() / heads;
    double[][] products = new double[heads][tokens.length];
    for (int head = 0; head < heads; head++) {
      for (int token = 0; token < tokens.length; token++) {
        double sum = 0;
        for (int d = 0; d < width; d++) {
          sum += rows.get(head * width + d) * tokens[token][d];
        }
        products[head][token] = sum;
      }
    }
    return products;
  }

  private static double multimax(double[][] values) {
    double sum = 0;
    for (double[] head : values) {
      double max = Double.NEGATIVE_INFINITY;
      for (double value : head) {
        max = Math.max(max, value);
      }
      sum += max;
    }
    return sum;
  }

  private static double rolling(double[][] queries, double[][] values, int window) {
    int tokens = values[0].length;
    int width = Math.min(window, tokens);
    double max = Double.NEGATIVE_INFINITY;
    for (int end = width; end <= tokens; end++) {
      max = Math.max(max, attention(queries, values, end - width, end));
    }
    return max;
  }

  private static double attention(double[][] queries, double[][] values, int from, int to) {
    double sum = 0;
    for (int head = 0; head < values.length; head++) {
      double max = Double.NEGATIVE_INFINITY;
      for (int token = from; token < to; token++) {
        max = Math.max(max, queries[head][token]);
      }
      double weights = 0;
      double weighted = 0;
      for (int token = from; token < to; token++) {
        double weight = Math.exp(queries[head][token] - max);
        weights += weight;
        weighted += weight * values[head][token];
      }
      sum += weighted / weights;
    }
    return sum;
  }

  private ReferenceAttention() {}
}
