package io.innerspan.djl.maths;

import io.innerspan.signals.Pooling;
import io.innerspan.signals.SaeFeatures;
import io.innerspan.signals.SaeFeatures.Scope;
import java.util.ArrayList;
import java.util.List;

/** The strongest features of each row. */
final class FeatureMaths<T> {
  private final Algebra<T> algebra;
  private final PoolingMaths<T> pooling;

  FeatureMaths(Algebra<T> algebra, PoolingMaths<T> pooling) {
    this.algebra = algebra;
    this.pooling = pooling;
  }

  /** The columns {@code [batch, columns]}, 64 bits, of {@code [batch, tokens, width]}. */
  T values(SaeFeatures signal, T x) {
    boolean perToken = signal.scope() == Scope.TOKENS;
    T read = perToken ? x : algebra.unsqueeze(pooling.activation(Pooling.MEAN.kind(), x), 1);
    SaeMaths<T> sae = new SaeMaths<>(algebra, signal.sae(), read);
    T each = sae.features();
    T features = perToken ? pooling.masked(each, -1) : each;
    T strongest = algebra.max(features, 1);
    T places = algebra.largestPlaces(strongest, signal.top(), 1);
    List<T> columns = new ArrayList<>();
    columns.add(algebra.twice(places));
    columns.add(algebra.twice(algebra.largest(strongest, signal.top(), 1)));
    if (perToken) {
      columns.add(tokens(features, strongest, places));
    }
    columns.add(mean(perToken, algebra.sum(algebra.twice(algebra.greater(each, 0)), 2)));
    columns.add(mean(perToken, sae.error(each)));
    for (SaeFeatures.Watched watched : signal.watched()) {
      columns.add(
          algebra.twice(algebra.slice(strongest, 1, watched.feature(), watched.feature() + 1)));
    }
    return algebra.concat(columns, 1);
  }

  /** Of {@code [batch, tokens]}, one value per row: {@code [batch, 1]}. */
  private T mean(boolean perToken, T values) {
    return perToken ? pooling.mean(algebra.unsqueeze(values, 2)) : values;
  }

  /** The first token where each of the strongest features is as strong as that. */
  private T tokens(T features, T strongest, T places) {
    T same = algebra.equal(features, algebra.unsqueeze(strongest, 1));
    T backwards = algebra.unsqueeze(algebra.multiply(pooling.compact().place(), -1), 2);
    T each = algebra.add(algebra.multiply(features, 0), backwards);
    T first = algebra.max(algebra.where(same, each, Double.NEGATIVE_INFINITY), 1);
    T ofPlaces = algebra.gather(algebra.unsqueeze(first, 2), places);
    return algebra.add(algebra.multiply(algebra.squeeze(ofPlaces, 2), -1), -1);
  }
}
