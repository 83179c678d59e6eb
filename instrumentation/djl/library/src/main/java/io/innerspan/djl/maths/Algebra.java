package io.innerspan.djl.maths;

import java.util.List;

/**
 * Operations on tensors, by an engine or in a program that is being written.
 *
 * <p>Shapes broadcast as in NumPy. Axes count from 0; -1 is the last. Numbers are 32 or 64 bits
 * wide; an operation on both gives 64 bits. Conditions are boolean tensors.
 *
 * @param <T> a tensor
 */
public interface Algebra<T> {
  /** 32-bit weights; equal ones may be the same tensor. */
  T constant(float[] values, long... shape);

  T single(T a);

  T twice(T a);

  T matmul(T a, T b);

  T add(T a, T b);

  T add(T a, double b);

  T subtract(T a, T b);

  T multiply(T a, T b);

  T multiply(T a, double b);

  T divide(T a, T b);

  T exp(T a);

  T log(T a);

  T sqrt(T a);

  T abs(T a);

  /** {@code max(a, 0)}. */
  T relu(T a);

  /** {@code min(a, most)}. */
  T atMost(T a, double most);

  T softmax(T a, int axis);

  /** The sums along an axis, which goes. */
  T sum(T a, int axis);

  T mean(T a, int axis);

  T max(T a, int axis);

  /** The L2 norm over the last axis, which goes. */
  T norm(T a);

  /** The running sum along axis 1. */
  T cumulative(T a);

  /**
   * The values {@code y_j = decay_j · y_{j−1} + input_j} along axis 1, {@code y_0 = 0}.
   *
   * @param decay of the shape of {@code input}
   */
  T recurrence(T decay, T input);

  /** The largest values along an axis, in descending order; all where there are fewer. */
  T largest(T a, int count, int axis);

  /** The places of the {@link #largest} values along that axis, as whole numbers. */
  T largestPlaces(T a, int count, int axis);

  /** {@code a} moved {@code steps} places back along axis 1, with {@code fill} at its start. */
  T delayed(T a, int steps, double fill);

  /** The values of {@code a [batch, n, k]} at the places {@code [batch, n]} of axis 1. */
  T gather(T a, T places);

  /** The places of {@code a [batch, n]} in ascending order of their values, which differ. */
  T order(T a);

  T equal(T a, T b);

  T equal(T a, long b);

  T differs(T a, long b);

  T lessOrEqual(T a, T b);

  T greater(T a, double b);

  T both(T a, T b);

  T where(T condition, T then, double otherwise);

  T where(T condition, T then, T otherwise);

  /** The size of an axis, as a 64-bit number without axes. */
  T extent(T a, int axis);

  T unsqueeze(T a, int axis);

  T squeeze(T a, int axis);

  /** The values from {@code from} on and before {@code to} of an axis. */
  T slice(T a, int axis, int from, int to);

  T concat(List<T> parts, int axis);
}
