package io.innerspan.workbench.calibrate;

import io.innerspan.workbench.data.LabelledText;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What a probe reads of labelled rows.
 *
 * @param logits raw, by row
 * @param positive by row
 * @param groups by row
 */
@SuppressWarnings("ArrayRecordComponent")
record Scoring(double[] logits, boolean[] positive, List<String> groups) {
  /** The rows of which the probe gives a reading. */
  static Scoring of(List<LabelledText> rows, double[] logits) {
    int[] readable =
        IntStream.range(0, logits.length).filter(i -> Double.isFinite(logits[i])).toArray();
    boolean[] positive = new boolean[rows.size()];
    for (int i = 0; i < positive.length; i++) {
      positive[i] = rows.get(i).positive();
    }
    List<String> groups = rows.stream().map(LabelledText::group).toList();
    return new Scoring(logits, positive, groups).at(readable);
  }

  int size() {
    return logits.length;
  }

  Scoring at(int[] rows) {
    boolean[] labels = new boolean[rows.length];
    for (int i = 0; i < rows.length; i++) {
      labels[i] = positive[rows[i]];
    }
    return new Scoring(
        Arrays.stream(rows).mapToDouble(row -> logits[row]).toArray(),
        labels,
        Arrays.stream(rows).mapToObj(groups::get).toList());
  }

  int count(boolean label) {
    int count = 0;
    for (boolean each : positive) {
      count += each == label ? 1 : 0;
    }
    return count;
  }

  /** The rows of a label. */
  int[] rows(boolean label) {
    return IntStream.range(0, size()).filter(row -> positive[row] == label).toArray();
  }

  /** How much rows count so that positives have the share: 1 each in the mean. */
  double[] weights(double positiveShare) {
    double ofPositive = positiveShare * size() / count(true);
    double ofOther = (1 - positiveShare) * size() / count(false);
    double[] weights = new double[size()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = positive[i] ? ofPositive : ofOther;
    }
    return weights;
  }
}
