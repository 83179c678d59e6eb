package io.innerspan.djl.maths;

import io.innerspan.signals.AttentionSummary.Statistic;
import java.util.ArrayList;
import java.util.List;

/** What heads attend to. */
final class PatternMaths<T> {
  private static final int QUERIES = 2;
  private static final int KEYS = 3;

  private final Algebra<T> algebra;

  PatternMaths(Algebra<T> algebra) {
    this.algebra = algebra;
  }

  /**
   * The columns {@code [batch, statistics × heads]}, 64 bits.
   *
   * @param pattern {@code [batch, heads, tokens, tokens]}
   * @param real the real tokens, which are attended to
   * @param from those of them that attend
   */
  T values(T pattern, Tokens<T> real, Tokens<T> from) {
    T p = algebra.twice(pattern);
    T key = algebra.unsqueeze(algebra.unsqueeze(real.real(), 1), 1);
    List<T> columns = new ArrayList<>();
    for (Statistic statistic : Statistic.values()) {
      T terms =
          switch (statistic) {
            case ENTROPY -> algebra.multiply(algebra.multiply(p, algebra.log(p)), -1);
            case FIRST_TOKEN_SHARE -> p;
            case MEAN_DISTANCE -> algebra.multiply(p, distances(real));
          };
      T counted =
          switch (statistic) {
            // Where nothing is attended, ln 0 is not asked for.
            case ENTROPY -> algebra.both(key, algebra.greater(p, 0));
            case FIRST_TOKEN_SHARE -> algebra.both(key, first(real));
            case MEAN_DISTANCE -> key;
          };
      T each = algebra.sum(algebra.where(counted, terms, 0), KEYS);
      T taking = algebra.unsqueeze(from.real(), 1);
      columns.add(
          algebra.divide(algebra.sum(algebra.where(taking, each, 0), QUERIES), from.count()));
    }
    return algebra.concat(columns, 1);
  }

  private T first(Tokens<T> real) {
    return algebra.unsqueeze(algebra.unsqueeze(algebra.equal(real.place(), 1), 1), 1);
  }

  /** {@code |i − j|}, {@code [batch, 1, tokens, tokens]}. */
  private T distances(Tokens<T> real) {
    T ones = algebra.add(algebra.multiply(real.weight(), 0), 1);
    T place = algebra.cumulative(ones);
    T i = algebra.unsqueeze(algebra.unsqueeze(place, 1), KEYS);
    T j = algebra.unsqueeze(algebra.unsqueeze(place, 1), 1);
    return algebra.abs(algebra.subtract(i, j));
  }
}
