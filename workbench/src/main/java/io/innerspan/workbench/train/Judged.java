package io.innerspan.workbench.train;

import io.innerspan.workbench.stats.Auroc;
import io.innerspan.workbench.stats.FoldScores;
import java.util.Comparator;

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
  /** Best first: the greatest AUROC, then the smallest loss. */
  static final Comparator<Judged> BEST_FIRST =
      Comparator.comparingDouble((Judged judged) -> -judged.auroc())
          .thenComparingDouble(Judged::loss);

  /** By one model. */
  static Judged once(double[] logits, boolean[] positive) {
    return new Judged(logits, logits, positive);
  }

  /** Each fold by the model that did not see it. */
  static Judged crosswise(double[] logits, boolean[] positive, int[] fold) {
    return new Judged(logits, FoldScores.comparable(logits, positive, fold), positive);
  }

  /** The area under the ROC curve; NaN of one label. */
  double auroc() {
    return Auroc.of(order, positive);
  }

  /** The mean logistic loss; NaN of no row. */
  double loss() {
    double loss = 0;
    for (int i = 0; i < logits.length; i++) {
      double margin = positive[i] ? logits[i] : -logits[i];
      loss += Math.max(-margin, 0) + Math.log1p(Math.exp(-Math.abs(margin)));
    }
    return loss / logits.length;
  }
}
