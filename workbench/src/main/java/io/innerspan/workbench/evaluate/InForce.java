package io.innerspan.workbench.evaluate;

import io.innerspan.signals.Probe;
import io.innerspan.signals.Threshold;
import io.innerspan.workbench.stats.Binomial;
import io.innerspan.workbench.stats.CertifiedThreshold;
import io.innerspan.workbench.stats.Rate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The threshold at which rates are told, and the false positives by what divides the benign rows:
 * the pack's own threshold; or, where it has none, the strictest that the separate benign rows
 * give.
 *
 * @param origin {@code pack} or {@code benign_rows}
 * @param score the smallest calibrated score over it
 * @param bound the false-positive rate that its certificate names, or 1 without one
 * @param flagged by tested row, whether it lies at or over the threshold
 * @param rows the benign rows that rates are told of
 * @param positives the positive rows
 */
@SuppressWarnings("ArrayRecordComponent")
record InForce(
    String origin, double score, double bound, boolean[] flagged, int[] rows, int[] positives) {
  /** Upper ends of the length buckets, in tokens. */
  private static final int[] LENGTHS = {16, 32, 64, 128, 256, 512};

  /** The false positives among some benign rows. */
  record Bucket(String name, Rate rate) {}

  static InForce of(Probe probe, Sample test, BenignRows benign) {
    Threshold own = probe.threshold();
    boolean[] flagged = new boolean[test.size()];
    boolean[] positive = test.positive();
    int[] positives = IntStream.range(0, positive.length).filter(row -> positive[row]).toArray();
    if (own != null) {
      for (int i = 0; i < flagged.length; i++) {
        flagged[i] = probe.calibration().score(test.logits()[i]) >= own.score();
      }
      Threshold.Certificate certificate = own.certificate();
      double bound = certificate == null ? 1 : certificate.fprUpperBound();
      return new InForce("pack", own.score(), bound, flagged, benign.all(), positives);
    }
    double[] setting = benign.setting();
    double greatest = Arrays.stream(setting).max().orElse(Double.POSITIVE_INFINITY);
    double logit = Math.nextUp(greatest);
    for (int i = 0; i < flagged.length; i++) {
      flagged[i] = test.logits()[i] >= logit;
    }
    double bound =
        setting.length == 0
            ? 1
            : Binomial.upperBound(0, setting.length, CertifiedThreshold.CONFIDENCE);
    return new InForce(
        "benign_rows",
        probe.calibration().score(logit),
        bound,
        flagged,
        benign.measured(),
        positives);
  }

  /** Of all benign rows that rates are told of. */
  Rate falsePositives() {
    return rate(Arrays.stream(rows).boxed().toList());
  }

  /** Of positive rows. */
  Rate truePositives() {
    return rate(Arrays.stream(positives).boxed().toList());
  }

  /** By the number of tokens. */
  List<Bucket> byLength(Sample test) {
    List<Bucket> buckets = new ArrayList<>();
    for (int b = 0; b <= LENGTHS.length; b++) {
      int from = b == 0 ? 0 : LENGTHS[b - 1] + 1;
      int to = b == LENGTHS.length ? Integer.MAX_VALUE : LENGTHS[b];
      List<Integer> within =
          Arrays.stream(rows)
              .filter(row -> test.tokens()[row] >= from && test.tokens()[row] <= to)
              .boxed()
              .toList();
      if (!within.isEmpty()) {
        String name = to == Integer.MAX_VALUE ? from + "+" : Math.max(1, from) + "-" + to;
        buckets.add(new Bucket(name, rate(within)));
      }
    }
    return buckets;
  }

  /** By the values of a column; values without a benign row are left out. */
  List<Bucket> byValue(Map<String, List<Integer>> rowsByValue) {
    Set<Integer> told = new HashSet<>();
    Arrays.stream(rows).forEach(told::add);
    List<Bucket> buckets = new ArrayList<>();
    rowsByValue.forEach(
        (value, of) -> {
          List<Integer> within = of.stream().filter(told::contains).toList();
          if (!within.isEmpty()) {
            buckets.add(new Bucket(value, rate(within)));
          }
        });
    return buckets;
  }

  private Rate rate(List<Integer> of) {
    return new Rate(of.size(), (int) of.stream().filter(row -> flagged[row]).count());
  }
}
