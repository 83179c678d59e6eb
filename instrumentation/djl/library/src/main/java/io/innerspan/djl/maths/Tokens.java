package io.innerspan.djl.maths;

import org.jspecify.annotations.Nullable;

/**
 * The tokens of each row that take part.
 *
 * @param real boolean {@code [batch, tokens]}
 * @param weight 1 and 0, 64 bits, {@code [batch, tokens]}
 * @param count how many, {@code [batch, 1]}
 * @param place the number of tokens that take part up to each one, {@code [batch, tokens]}
 * @param mean what weighs tokens for their mean, 32 bits, {@code [batch, 1, tokens]}, NaN in rows
 *     without any; null where it is not made yet
 */
public record Tokens<T>(T real, T weight, T count, T place, @Nullable T mean) {
  static <T> Tokens<T> of(Algebra<T> algebra, T real) {
    T weight = algebra.twice(real);
    T count = algebra.unsqueeze(algebra.sum(weight, 1), 1);
    return new Tokens<>(real, weight, count, algebra.cumulative(weight), null);
  }

  /** The tokens of one that is selected: {@code [batch, 1, tokens]} with a single 1. */
  T first(Algebra<T> algebra) {
    return row(algebra, algebra.equal(place, 1));
  }

  T last(Algebra<T> algebra) {
    return row(algebra, algebra.equal(place, count));
  }

  T mean(Algebra<T> algebra) {
    return mean != null
        ? mean
        : algebra.single(algebra.unsqueeze(algebra.divide(weight, count), 1));
  }

  private T row(Algebra<T> algebra, T condition) {
    return algebra.unsqueeze(algebra.twice(algebra.both(real, condition)), 1);
  }

  /** {@code real} for values {@code [batch, tokens, n]}. */
  T each(Algebra<T> algebra) {
    return algebra.unsqueeze(real, 2);
  }
}
