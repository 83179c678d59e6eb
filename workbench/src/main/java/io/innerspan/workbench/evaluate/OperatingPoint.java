package io.innerspan.workbench.evaluate;

import io.innerspan.workbench.stats.CertifiedThreshold;
import io.innerspan.workbench.stats.GroupBootstrap;
import io.innerspan.workbench.stats.Interval;
import io.innerspan.workbench.stats.Rate;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What the probe finds at a false-positive rate that separate benign rows certify.
 *
 * @param certified the threshold; without a logit when the benign rows certify nothing that small
 * @param truePositives of positive rows at or over it, or null without a threshold
 * @param falsePositives of the other half's independent benign rows at or over it, or null
 */
record OperatingPoint(
    CertifiedThreshold certified, @Nullable Interval truePositives, @Nullable Rate falsePositives) {
  static OperatingPoint at(double rate, Sample test, BenignRows benign, GroupBootstrap bootstrap) {
    CertifiedThreshold certified = CertifiedThreshold.of(benign.setting(), rate);
    Double logit = certified.logit();
    if (logit == null) {
      return new OperatingPoint(certified, null, null);
    }
    boolean[] positive = test.positive();
    Interval found =
        bootstrap.interval(
            times -> {
              double all = 0;
              double over = 0;
              for (int i = 0; i < times.length; i++) {
                if (positive[i]) {
                  all += times[i];
                  over += test.logits()[i] >= logit ? times[i] : 0;
                }
              }
              return over / all;
            });
    double[] measured = benign.independent(benign.measured());
    int over = (int) Arrays.stream(measured).filter(value -> value >= logit).count();
    return new OperatingPoint(certified, found, new Rate(measured.length, over));
  }
}
