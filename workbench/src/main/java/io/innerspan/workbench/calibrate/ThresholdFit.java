package io.innerspan.workbench.calibrate;

import io.innerspan.signals.Calibration;
import io.innerspan.signals.Threshold;
import io.innerspan.workbench.calibrate.CalibrateOptions.Promise;
import io.innerspan.workbench.stats.Binomial;
import io.innerspan.workbench.stats.CertifiedThreshold;
import io.innerspan.workbench.stats.ConformalThreshold;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Takes a threshold on the calibrated score from benign logits. */
final class ThresholdFit {
  /**
   * The threshold.
   *
   * @param benign raw logits of independent benign rows that the calibration has not seen, or that
   *     it brings into no other order
   * @return null when there are too few of them, or when the score is the same for too many of them
   */
  static @Nullable Threshold of(
      Promise promise, double[] benign, double rate, Calibration calibration) {
    Double edge = edge(promise, benign, rate);
    Double score = edge == null ? null : above(edge, calibration);
    if (score == null) {
      return null;
    }
    double least = score;
    int exceeding =
        (int) Arrays.stream(benign).filter(logit -> calibration.score(logit) >= least).count();
    double bound = Binomial.upperBound(exceeding, benign.length, CertifiedThreshold.CONFIDENCE);
    return new Threshold(
        score,
        rate,
        new Threshold.Certificate(benign.length, bound, CertifiedThreshold.CONFIDENCE));
  }

  /** How many benign rows a rate needs. */
  static int fewest(Promise promise, double rate) {
    return promise == Promise.CONFORMAL
        ? ConformalThreshold.fewestUnits(rate)
        : CertifiedThreshold.fewestUnits(rate);
  }

  /** The logit above which rows count as positive. */
  private static @Nullable Double edge(Promise promise, double[] benign, double rate) {
    if (benign.length < fewest(promise, rate)) {
      return null;
    }
    return promise == Promise.CONFORMAL
        ? Double.valueOf(ConformalThreshold.of(benign, rate).edge())
        : CertifiedThreshold.of(benign, rate).edge();
  }

  /**
   * The least score of logits above the edge, by what engines may differ from the reference. An
   * isotonic curve may give rows above the edge the edge's own score: then it is where the curve
   * rises again, or nowhere.
   */
  private static @Nullable Double above(double edge, Calibration calibration) {
    double score = calibration.score(raised(edge));
    if (score > calibration.score(edge)) {
      return score;
    }
    if (!(calibration instanceof Calibration.Isotonic curve)) {
      // So far out that the score is 0 or 1 to the last bit.
      return null;
    }
    for (Calibration.Isotonic.Point point : curve.points()) {
      if (point.score() > score) {
        double flat = last(curve, score);
        double risen = curve.score(raised(flat));
        return risen > score ? risen : point.score();
      }
    }
    return null;
  }

  private static double last(Calibration.Isotonic curve, double score) {
    double last = curve.points().get(0).logit();
    for (Calibration.Isotonic.Point point : curve.points()) {
      last = point.score() <= score ? point.logit() : last;
    }
    return last;
  }

  private static double raised(double logit) {
    return logit + CertifiedThreshold.TOLERANCE * Math.max(1, Math.abs(logit));
  }

  private ThresholdFit() {}
}
