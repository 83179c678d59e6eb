package io.innerspan.djl.maths;

import io.innerspan.signals.AttentionProbe;
import io.innerspan.signals.Floats;

/** The logits of attention probes. */
final class AttentionMaths<T> {
  /** Windows are unrolled: longer ones would make a long program. */
  static final int LONGEST_WINDOW = 64;

  private static final double NONE = Double.NEGATIVE_INFINITY;

  private final Algebra<T> algebra;
  private final PoolingMaths<T> pooling;

  AttentionMaths(Algebra<T> algebra, PoolingMaths<T> pooling) {
    this.algebra = algebra;
    this.pooling = pooling;
  }

  /**
   * The logit {@code [batch, 1]}, 64 bits.
   *
   * @param activations what the heads read, {@code [batch, tokens, d]}
   */
  T logit(AttentionProbe probe, T activations) {
    T values = products(probe.values(), probe.heads(), activations);
    T sum =
        switch (probe.rule().kind()) {
          case MULTIMAX -> algebra.sum(pooling.max(values), 1);
          case ATTENTION -> algebra.sum(attention(queries(probe, activations), values), 1);
          case ROLLING_ATTENTION ->
              rolling(queries(probe, activations), values, probe.rule().window());
        };
    return algebra.unsqueeze(algebra.add(sum, probe.bias()), 1);
  }

  private T queries(AttentionProbe probe, T activations) {
    return products(probe.queries(), probe.heads(), activations);
  }

  private T products(Floats rows, int heads, T activations) {
    int width = rows.size() / heads;
    T weights = algebra.constant(Columns.transposed(rows, heads), width, heads);
    return algebra.twice(algebra.matmul(activations, weights));
  }

  private T attention(T queries, T values) {
    T weights = algebra.softmax(pooling.masked(queries, NONE), 1);
    return algebra.sum(algebra.multiply(weights, pooling.masked(values, 0)), 1);
  }

  /** Softmax within each window: largest query first, so that no window underflows. */
  private T rolling(T queries, T values, int window) {
    PoolingMaths.Compact<T> compact = pooling.compact();
    T q = algebra.gather(pooling.masked(queries, NONE), compact.order());
    T v = algebra.gather(pooling.masked(values, 0), compact.order());
    T largest = q;
    for (int back = 1; back < window; back++) {
      T earlier = algebra.delayed(q, back, NONE);
      largest = algebra.where(algebra.lessOrEqual(largest, earlier), earlier, largest);
    }
    T weights = null;
    T weighted = null;
    for (int back = 0; back < window; back++) {
      T weight = algebra.exp(algebra.subtract(algebra.delayed(q, back, NONE), largest));
      T product = algebra.multiply(weight, algebra.delayed(v, back, 0));
      weights = weights == null ? weight : algebra.add(weights, weight);
      weighted = weighted == null ? product : algebra.add(weighted, product);
    }
    if (weights == null || weighted == null) {
      throw new IllegalArgumentException("expected a window of at least 1, found " + window);
    }
    T sums = algebra.sum(algebra.divide(weighted, weights), 2);
    T counted = pooling.windowEnds(compact, window);
    return algebra.max(algebra.where(counted, sums, NONE), 1);
  }
}
