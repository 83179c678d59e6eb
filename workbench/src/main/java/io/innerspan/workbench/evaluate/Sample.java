package io.innerspan.workbench.evaluate;

import io.innerspan.workbench.data.LabelledText;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows with what the model and the probe say of each.
 *
 * @param rows the rows, groups joined
 * @param tokens how many tokens the model sees of each
 * @param pooled one activation of each at the probe's place, {@code [rows][width]}
 * @param logits the probe's raw logit of each
 * @param outputs what the model's own logits give away of each, or null where it says none
 */
@SuppressWarnings("ArrayRecordComponent")
record Sample(
    List<LabelledText> rows,
    int[] tokens,
    float[][] pooled,
    double[] logits,
    float @Nullable [][] outputs) {
  int size() {
    return rows.size();
  }

  boolean[] positive() {
    boolean[] positive = new boolean[rows.size()];
    for (int i = 0; i < positive.length; i++) {
      positive[i] = rows.get(i).positive();
    }
    return positive;
  }

  List<String> texts() {
    return rows.stream().map(LabelledText::text).toList();
  }

  List<String> groups() {
    return rows.stream().map(LabelledText::group).toList();
  }

  int count(boolean positive) {
    return (int) rows.stream().filter(row -> row.positive() == positive).count();
  }

  /** Some of the rows, in the order given. */
  Sample at(int[] chosen) {
    float[][] own = outputs;
    return new Sample(
        Arrays.stream(chosen).mapToObj(rows::get).toList(),
        Arrays.stream(chosen).map(row -> tokens[row]).toArray(),
        Arrays.stream(chosen).mapToObj(row -> pooled[row]).toArray(float[][]::new),
        Arrays.stream(chosen).mapToDouble(row -> logits[row]).toArray(),
        own == null
            ? null
            : Arrays.stream(chosen).mapToObj(row -> own[row]).toArray(float[][]::new));
  }

  /** The same rows with what the model holds at another place. */
  Sample with(float[][] elsewhere) {
    return new Sample(rows, tokens, elsewhere, logits, outputs);
  }
}
