package io.innerspan.signals.reference;

import io.innerspan.signals.AttentionSummary;
import io.innerspan.signals.AttentionSummary.Statistic;
import io.innerspan.signals.InvalidValueException;

/** What heads attend to. */
final class ReferenceAttentionSummary {
  static double[] values(AttentionSummary summary, RowInputs row) {
    float[][][] heads = row.attention(summary.hookPoint());
    if (heads.length != summary.heads()) {
      throw new InvalidValueException("heads", summary.heads() + "", heads.length);
    }
    int tokens = heads[0].length;
    TokenMask real = row.real(tokens);
    TokenMask from = row.select(summary.tokens(), tokens);
    double[] values = new double[summary.columnNames().size()];
    for (int head = 0; head < heads.length; head++) {
      for (Statistic statistic : Statistic.values()) {
        double sum = 0;
        for (int i = from.first(); i <= from.last(); i++) {
          sum += from.isReal(i) ? of(statistic, heads[head][i], i, real) : 0;
        }
        values[summary.column(statistic, head)] = sum / from.count();
      }
    }
    return values;
  }

  /** The statistic of token {@code i}'s attention {@code p} on the real tokens. */
  private static double of(Statistic statistic, float[] p, int i, TokenMask real) {
    if (statistic == Statistic.FIRST_TOKEN_SHARE) {
      return p[real.first()];
    }
    double sum = 0;
    for (int j = real.first(); j <= real.last(); j++) {
      if (real.isReal(j)) {
        sum +=
            statistic == Statistic.MEAN_DISTANCE
                ? (double) p[j] * Math.abs(i - j)
                : p[j] == 0 ? 0 : -p[j] * Math.log(p[j]);
      }
    }
    return sum;
  }

  private ReferenceAttentionSummary() {}
}
