package io.innerspan.workbench.evaluate;

import io.innerspan.workbench.data.Folds;
import io.innerspan.workbench.data.Groups;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The benign rows that set thresholds, and the other benign rows that rates are measured on. With a
 * benign file that file sets them; without one half of the tested benign groups does.
 */
final class BenignRows {
  private final Sample test;
  private final double[] setting;
  private final int[] measured;
  private final long seed;

  private BenignRows(Sample test, double[] setting, int[] measured, long seed) {
    this.test = test;
    this.setting = setting;
    this.measured = measured;
    this.seed = seed;
  }

  static BenignRows of(Sample test, @Nullable Sample benign, long seed) {
    int[] all = all(test);
    if (benign != null) {
      int[] one = Groups.oneOfEach(benign.groups(), all(benign), seed);
      return new BenignRows(test, at(benign, one), all, seed);
    }
    List<String> groups = test.groups();
    List<String> ofBenign = Arrays.stream(all).mapToObj(groups::get).toList();
    int[] half = Folds.of(ofBenign, new boolean[all.length], 2, seed);
    int[] first = half(all, half, 0);
    int[] one = Groups.oneOfEach(groups, first, seed);
    return new BenignRows(test, at(test, one), half(all, half, 1), seed);
  }

  /** Raw logits of independent benign rows, one of each group, for setting thresholds. */
  double[] setting() {
    return setting;
  }

  /** The tested benign rows that no threshold was taken from. */
  int[] measured() {
    return measured.clone();
  }

  /** Every tested benign row, for a threshold that was set before. */
  int[] all() {
    return all(test);
  }

  /** Raw logits of independent rows among the given ones. */
  double[] independent(int[] rows) {
    return at(test, Groups.oneOfEach(test.groups(), rows, seed));
  }

  private static int[] all(Sample sample) {
    boolean[] positive = sample.positive();
    return IntStream.range(0, positive.length).filter(row -> !positive[row]).toArray();
  }

  private static int[] half(int[] rows, int[] half, int which) {
    return IntStream.range(0, rows.length)
        .filter(i -> half[i] == which)
        .map(i -> rows[i])
        .toArray();
  }

  private static double[] at(Sample sample, int[] rows) {
    return Arrays.stream(rows).mapToDouble(row -> sample.logits()[row]).toArray();
  }
}
