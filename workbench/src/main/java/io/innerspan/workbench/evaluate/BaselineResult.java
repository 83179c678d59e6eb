package io.innerspan.workbench.evaluate;

import io.innerspan.workbench.stats.Interval;
import java.util.List;

/**
 * A baseline on the tested rows.
 *
 * @param key its name in documents
 * @param title its name for people
 * @param auroc its area under the ROC
 * @param prAuc its average precision
 * @param difference the probe's AUROC minus its own, on paired resamples
 * @param curves to be drawn; of several draws those of the middle one
 * @param draws the AUROC of each draw, of which {@code auroc} is the mean; one where nothing is
 *     drawn
 */
record BaselineResult(
    String key,
    String title,
    Interval auroc,
    Interval prAuc,
    Interval difference,
    Curves curves,
    List<Double> draws) {
  /** Whether the test does not tell that the probe is better. */
  boolean asGood() {
    return !(difference.low() > 0);
  }
}
