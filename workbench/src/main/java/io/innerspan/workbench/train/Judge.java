package io.innerspan.workbench.train;

import io.innerspan.workbench.stats.CertifiedThreshold;
import io.innerspan.workbench.stats.Evaluation;
import io.innerspan.workbench.stats.GroupBootstrap;
import io.innerspan.workbench.stats.Interval;
import io.innerspan.workbench.stats.PlattScaling;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/** Calibrates, thresholds and evaluates every way of scoring alike, on the same rows. */
final class Judge {
  private final PartData calibration;
  private final PartData test;
  private final int[] calibrationBenign;
  private final int[] testBenign;
  private final double positiveShare;
  private final double targetFpr;
  private final GroupBootstrap bootstrap;

  /**
   * A judge.
   *
   * @param positiveShare the share of positive rows in all data, to which scores are calibrated
   * @param targetFpr the false-positive rate that thresholds are certified for
   * @param seed of the resampling and of the choice of independent rows
   */
  Judge(PartData calibration, PartData test, double positiveShare, double targetFpr, long seed) {
    this.calibration = calibration;
    this.test = test;
    this.calibrationBenign = calibration.independentBenign(seed);
    this.testBenign = test.independentBenign(seed);
    this.positiveShare = positiveShare;
    this.targetFpr = targetFpr;
    this.bootstrap = new GroupBootstrap(test.groups(), seed);
  }

  /**
   * Judges one way of scoring.
   *
   * @param calibrationLogits raw logits by row of the calibration part
   * @param testLogits raw logits by row of the test part
   */
  Method judge(String key, String title, double[] calibrationLogits, double[] testLogits) {
    PlattScaling platt = PlattScaling.fit(calibrationLogits, calibration.positive(), positiveShare);
    CertifiedThreshold threshold =
        CertifiedThreshold.of(at(calibrationBenign, calibrationLogits), targetFpr);
    Double logit = threshold.logit();
    double[] benign = at(testBenign, testLogits);
    Integer over =
        logit == null
            ? null
            : Integer.valueOf((int) Arrays.stream(benign).filter(value -> value >= logit).count());
    return new Method(
        key,
        title,
        platt,
        threshold,
        testLogits,
        Evaluation.of(testLogits, test.positive(), platt, logit, bootstrap),
        benign.length,
        over);
  }

  /** Judges a way of scoring that takes any part. */
  Method judge(String key, String title, Function<PartData, double[]> logits) {
    return judge(key, title, logits.apply(calibration), logits.apply(test));
  }

  /** Compares with the baseline that has the greatest AUROC on the test part. */
  Trained.Comparison compareToBest(Method mine, List<Method> baselines) {
    Method best =
        baselines.stream()
            .max(Comparator.comparingDouble(method -> method.evaluation().auroc().value()))
            .orElseThrow();
    Interval difference =
        Evaluation.aurocDifference(
            mine.testLogits(), best.testLogits(), test.positive(), bootstrap);
    return new Trained.Comparison(best, difference);
  }

  private static double[] at(int[] rows, double[] logits) {
    return Arrays.stream(rows).mapToDouble(row -> logits[row]).toArray();
  }
}
