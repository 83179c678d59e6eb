package io.innerspan.workbench.packs;

import org.jspecify.annotations.Nullable;

/**
 * A linear readout as another tool has it.
 *
 * @param name what tells it from the others of its file; empty for the only one
 * @param hookPoint where it reads, or null when the file does not say
 * @param pooling how it pools, or null when the file does not say
 * @param weight by dimension
 * @param bias the offset
 * @param x activations that the tool proves itself with, {@code [n][width]}; none is allowed
 * @param logit the tool's logits of them
 */
@SuppressWarnings("ArrayRecordComponent")
record Direction(
    String name,
    @Nullable String hookPoint,
    @Nullable String pooling,
    double[] weight,
    double bias,
    double[][] x,
    double[] logit) {
  static Direction of(String name, @Nullable String hookPoint, double[] weight) {
    return new Direction(name, hookPoint, null, weight, 0, new double[0][], new double[0]);
  }
}
