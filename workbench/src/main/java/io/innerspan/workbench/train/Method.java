package io.innerspan.workbench.train;

import io.innerspan.signals.Calibration;
import io.innerspan.signals.Probe;
import io.innerspan.signals.Threshold;
import io.innerspan.workbench.stats.Binomial;
import io.innerspan.workbench.stats.CertifiedThreshold;
import io.innerspan.workbench.stats.Evaluation;
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
 * @param benign the independent benign rows of the test part
 * @param benignOver those of them at or over the threshold; null without a threshold
 */
@SuppressWarnings("ArrayRecordComponent")
record Method(
    String key,
    String title,
    PlattScaling platt,
    CertifiedThreshold threshold,
    double[] testLogits,
    Evaluation evaluation,
    int benign,
    @Nullable Integer benignOver) {
  /**
   * With 95 % confidence the test says that the true false-positive rate is at most this
   * (Clopper–Pearson on independent rows); null without a threshold. The bootstrap says nothing
   * where no false positive was seen; this does.
   */
  @Nullable Double falsePositiveBound() {
    return benignOver == null
        ? null
        : Double.valueOf(Binomial.upperBound(benignOver, benign, CertifiedThreshold.CONFIDENCE));
  }

  /** The probe with this method's calibration and threshold. */
  Probe finish(Probe raw) {
    // A probe that knows nothing may slope downwards; a calibration must not turn it over.
    Calibration calibration =
        platt.a() > 0 ? new Calibration.Platt(platt.a(), platt.b()) : new Calibration.None();
    Double logit = threshold.logit();
    Threshold finished =
        logit == null
            ? null
            : new Threshold(
                calibration.score(logit),
                threshold.rate(),
                new Threshold.Certificate(
                    threshold.units(), threshold.upperBound(), CertifiedThreshold.CONFIDENCE));
    return raw.with(calibration, finished);
  }
}
