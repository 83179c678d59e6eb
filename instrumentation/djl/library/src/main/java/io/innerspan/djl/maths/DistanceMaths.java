package io.innerspan.djl.maths;

import io.innerspan.signals.PopulationDistance;

/**
 * The squared distance of a pooled activation from a population. Its terms may nearly cancel, so
 * that it is computed in 64 bits; it is one small vector per row.
 */
final class DistanceMaths<T> {
  private final Algebra<T> algebra;
  private final PoolingMaths<T> pooling;

  DistanceMaths(Algebra<T> algebra, PoolingMaths<T> pooling) {
    this.algebra = algebra;
    this.pooling = pooling;
  }

  /** The distance {@code [batch, 1]} of {@code [batch, tokens, width]}. */
  T value(PopulationDistance distance, T activations) {
    int width = distance.width();
    int rank = distance.variances().size();
    T pooled = pooling.activation(distance.pooling().kind(), activations);
    T mean = algebra.constant(distance.mean().toArray(), 1, width);
    T centred = algebra.subtract(algebra.twice(pooled), mean);
    T rest = algebra.sum(algebra.multiply(centred, centred), 1);
    if (rank == 0) {
      return algebra.unsqueeze(algebra.multiply(rest, 1 / distance.residualVariance()), 1);
    }
    T components = algebra.constant(Columns.transposed(distance.components(), rank), width, rank);
    T along = algebra.matmul(centred, algebra.twice(components));
    T squares = algebra.multiply(along, along);
    T variances = algebra.constant(distance.variances().toArray(), 1, rank);
    T within = algebra.sum(algebra.divide(squares, variances), 1);
    T outside = algebra.subtract(rest, algebra.sum(squares, 1));
    T sum = algebra.add(within, algebra.multiply(outside, 1 / distance.residualVariance()));
    return algebra.unsqueeze(sum, 1);
  }
}
