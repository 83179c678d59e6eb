package io.innerspan.djl.maths;

import io.innerspan.signals.Pooling;

/** Makes one value of each row's tokens. */
final class PoolingMaths<T> {
  private static final double NONE = Double.NEGATIVE_INFINITY;

  private final Algebra<T> algebra;
  private final Tokens<T> tokens;

  PoolingMaths(Algebra<T> algebra, Tokens<T> tokens) {
    this.algebra = algebra;
    this.tokens = tokens;
  }

  /**
   * The mean, first or last activation of {@code [batch, tokens, width]}: 32 bits, {@code [batch,
   * width]}.
   */
  T activation(Pooling.Kind kind, T activations) {
    T row =
        switch (kind) {
          case MEAN -> tokens.mean(algebra);
          case CLS -> algebra.single(tokens.first(algebra));
          case LAST -> algebra.single(tokens.last(algebra));
          default -> throw new IllegalArgumentException(kind + " pools logits, not activations");
        };
    return algebra.squeeze(algebra.matmul(row, activations), 1);
  }

  /** Pools logits of 64 bits {@code [batch, tokens, n]} to {@code [batch, n]}. */
  T logits(Pooling pooling, T logits) {
    return switch (pooling.kind()) {
      case MAX -> max(logits);
      case TOP_K_MEAN -> topKMean(logits, (int) pooling.parameter());
      case ROLLING_MAX -> rollingMax(logits, (int) pooling.parameter());
      case SOFTMAX -> softmax(logits, pooling.parameter());
      case EMA -> max(averages(logits, pooling.parameter()));
      case MEAN, CLS, LAST ->
          throw new IllegalArgumentException(pooling + " pools activations, not logits");
    };
  }

  T max(T values) {
    return algebra.max(masked(values, NONE), 1);
  }

  /** Values of tokens that do not take part replaced. */
  T masked(T values, double other) {
    return algebra.where(tokens.each(algebra), values, other);
  }

  /** The mean over the tokens that take part of {@code [batch, tokens, n]}, 64 bits. */
  T mean(T values) {
    return algebra.divide(algebra.sum(masked(values, 0), 1), tokens.count());
  }

  private T topKMean(T logits, int k) {
    T largest = algebra.largest(masked(logits, NONE), k, 1);
    T kept = algebra.where(algebra.greater(largest, NONE), largest, 0);
    return algebra.divide(algebra.sum(kept, 1), algebra.atMost(tokens.count(), k));
  }

  private T softmax(T logits, double temperature) {
    T scaled = algebra.multiply(masked(logits, NONE), 1 / temperature);
    return algebra.sum(algebra.multiply(algebra.softmax(scaled, 1), masked(logits, 0)), 1);
  }

  /** Padding leaves the average as it is. */
  private T averages(T logits, double alpha) {
    T input = algebra.multiply(masked(logits, 0), alpha);
    T decay = algebra.add(algebra.multiply(tokens.weight(), -alpha), 1);
    T each = algebra.add(algebra.multiply(input, 0), algebra.unsqueeze(decay, 2));
    return algebra.recurrence(each, input);
  }

  /** Sums of windows are differences of running sums, which 64 bits leave exact enough. */
  private T rollingMax(T logits, int window) {
    Compact<T> compact = compact();
    T sums = algebra.cumulative(algebra.gather(masked(logits, 0), compact.order()));
    T within = algebra.subtract(sums, algebra.delayed(sums, window, 0));
    T ends = algebra.unsqueeze(windowEnds(compact, window), 2);
    // A row that is shorter than the window has one window: the row.
    T length = algebra.unsqueeze(algebra.atMost(tokens.count(), window), 1);
    return algebra.max(algebra.where(ends, algebra.divide(within, length), NONE), 1);
  }

  /** The places {@code [batch, tokens]} where windows of min(window, n) tokens end. */
  T windowEnds(Compact<T> compact, int window) {
    T enough = algebra.lessOrEqual(algebra.atMost(tokens.count(), window), compact.place());
    return algebra.both(compact.real(), enough);
  }

  /**
   * The tokens that take part moved to the front of each row.
   *
   * @param order where each one comes from, {@code [batch, tokens]}
   * @param place counted from 1
   * @param real which of the places are taken
   */
  record Compact<T>(T order, T place, T real) {}

  Compact<T> compact() {
    T ones = algebra.add(algebra.multiply(tokens.weight(), 0), 1);
    T place = algebra.cumulative(ones);
    T behind = algebra.add(place, algebra.extent(tokens.real(), 1));
    T order = algebra.order(algebra.where(tokens.real(), place, behind));
    return new Compact<>(order, place, algebra.lessOrEqual(place, tokens.count()));
  }
}
