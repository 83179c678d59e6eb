package io.innerspan.workbench.evaluate;

import io.innerspan.workbench.stats.Curve;

/**
 * What a method's scores draw, with no more points than can be seen.
 *
 * @param roc true positives by false positives
 * @param precision precision by recall
 */
record Curves(Curve roc, Curve precision) {
  private static final double STEP = 1 / 200.0;

  static Curves of(double[] scores, boolean[] positive) {
    return new Curves(
        Curve.roc(scores, positive).thinned(STEP),
        Curve.precisionRecall(scores, positive).thinned(STEP));
  }
}
