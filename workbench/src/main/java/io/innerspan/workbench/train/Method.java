package io.innerspan.workbench.train;

import io.innerspan.workbench.stats.Binomial;
import io.innerspan.workbench.stats.CertifiedThreshold;
import io.innerspan.workbench.stats.Evaluation;
import io.innerspan.workbench.stats.GroupBootstrap;
import io.innerspan.workbench.stats.PlattScaling;
import org.jspecify.annotations.Nullable;

/**
 * A way of scoring texts, calibrated and given a threshold on the calibration part, and evaluated
 * on the test part: the probe and every baseline alike.
 *
 * @param key its name in the manifest
 * @param title its name in the pack's README
 * @param platt its calibration
 * @param threshold its threshold
 * @param testLogits its raw logits on the test part
 * @param evaluation on the test part
 * @param benignGroups the test part's groups with benign rows
 * @param benignGroupsOver those of them with a false positive; null without a threshold
 */
@SuppressWarnings("ArrayRecordComponent")
record Method(
    String key,
    String title,
    PlattScaling platt,
    CertifiedThreshold threshold,
    double[] testLogits,
    Evaluation evaluation,
    int benignGroups,
    @Nullable Integer benignGroupsOver) {
  static Method evaluate(
      String key,
      String title,
      Scores calibration,
      Scores test,
      double targetFpr,
      GroupBootstrap bootstrap) {
    PlattScaling platt = PlattScaling.fit(calibration.logits(), calibration.part().positive());
    CertifiedThreshold threshold =
        CertifiedThreshold.of(calibration.part().benignMaxima(calibration.logits()), targetFpr);
    double[] maxima = test.part().benignMaxima(test.logits());
    Double logit = threshold.logit();
    Integer over = null;
    if (logit != null) {
      double edge = logit;
      over = 0;
      for (double maximum : maxima) {
        over += maximum >= edge ? 1 : 0;
      }
    }
    return new Method(
        key,
        title,
        platt,
        threshold,
        test.logits(),
        Evaluation.of(test.logits(), test.part().positive(), platt, logit, bootstrap),
        maxima.length,
        over);
  }

  /**
   * With 95 % confidence the test says that the rate of groups with a false positive is at most
   * this; null without a threshold. The bootstrap says nothing when there is no false positive;
   * this does.
   */
  @Nullable Double falsePositiveBound() {
    return benignGroupsOver == null
        ? null
        : Double.valueOf(
            Binomial.upperBound(benignGroupsOver, benignGroups, CertifiedThreshold.CONFIDENCE));
  }

  /**
   * Raw logits of a part.
   *
   * @param part the part
   * @param logits by row
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Scores(PartData part, double[] logits) {}
}
