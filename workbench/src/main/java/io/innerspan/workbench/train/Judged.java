package io.innerspan.workbench.train;

import io.innerspan.workbench.stats.FoldScores;

/**
 * What a candidate says of rows that it did not learn from.
 *
 * @param logits by row
 * @param order what puts the rows in order: the logits, or, of several models, what makes theirs
 *     comparable
 * @param positive by row
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Judged(double[] logits, double[] order, boolean[] positive) {
  /** By one model. */
  static Judged once(double[] logits, boolean[] positive) {
    return new Judged(logits, logits, positive);
  }

  /** Each fold by the model that did not see it. */
  static Judged crosswise(double[] logits, boolean[] positive, int[] fold) {
    return new Judged(logits, FoldScores.comparable(logits, positive, fold), positive);
  }
}
