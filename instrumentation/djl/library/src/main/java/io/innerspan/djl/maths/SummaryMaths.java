package io.innerspan.djl.maths;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.ActivationSummary.Statistic;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Statistics of activations, token by token, and their means. */
final class SummaryMaths<T> {
  private final Algebra<T> algebra;
  private final PoolingMaths<T> pooling;

  SummaryMaths(Algebra<T> algebra, PoolingMaths<T> pooling) {
    this.algebra = algebra;
    this.pooling = pooling;
  }

  /**
   * The statistics {@code [batch, statistics]}, 64 bits.
   *
   * @param x {@code [batch, tokens, width]}
   * @param previous of the same shape, for the cosine
   */
  T values(ActivationSummary summary, T x, @Nullable T previous) {
    T norm = algebra.twice(algebra.norm(x));
    List<T> columns = new ArrayList<>();
    for (Statistic statistic : summary.statistics()) {
      T perToken =
          switch (statistic) {
            case L2_NORM -> norm;
            case MEAN -> algebra.twice(algebra.mean(x, 2));
            case SPARSITY -> sparsity(x, norm);
            case KURTOSIS -> kurtosis(x);
            case LARGEST_SHARE -> largestShare(x, norm);
            case COSINE_TO_PREVIOUS -> cosine(x, norm, previous);
          };
      columns.add(algebra.unsqueeze(perToken, 2));
    }
    return pooling.mean(columns.size() == 1 ? columns.get(0) : algebra.concat(columns, 2));
  }

  private T sparsity(T x, T norm) {
    T width = algebra.extent(x, 2);
    T root = algebra.sqrt(width);
    T absolute = algebra.multiply(algebra.twice(algebra.mean(algebra.abs(x), 2)), width);
    T distance = algebra.add(algebra.multiply(algebra.divide(absolute, norm), -1), root);
    return algebra.divide(distance, algebra.add(root, -1));
  }

  private T kurtosis(T x) {
    T centred = algebra.subtract(x, algebra.unsqueeze(algebra.mean(x, 2), 2));
    T squares = algebra.multiply(centred, centred);
    T second = algebra.twice(algebra.mean(squares, 2));
    T fourth = algebra.twice(algebra.mean(algebra.multiply(squares, squares), 2));
    return algebra.divide(fourth, algebra.multiply(second, second));
  }

  private T largestShare(T x, T norm) {
    T share = algebra.divide(algebra.twice(algebra.max(algebra.abs(x), 2)), norm);
    return algebra.multiply(share, share);
  }

  private T cosine(T x, T norm, @Nullable T previous) {
    if (previous == null) {
      throw new IllegalArgumentException("a cosine needs the previous activation");
    }
    T product = algebra.twice(algebra.sum(algebra.multiply(x, previous), 2));
    return algebra.divide(product, algebra.multiply(norm, algebra.twice(algebra.norm(previous))));
  }
}
