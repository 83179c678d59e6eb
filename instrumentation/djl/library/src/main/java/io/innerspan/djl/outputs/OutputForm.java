package io.innerspan.djl.outputs;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.Set;

/** What an engine makes of a batch's answers. */
public enum OutputForm {
  /** Tensors {@code [batch, answers]}, or {@code [answers]} of one input. */
  TENSORS,
  /** One row of numbers for the whole batch, which may be probabilities already. */
  FLAT;

  /** Those of DJL whose engines have no tensors: in each, a block gives {@code [all]}. */
  private static final Set<String> FLAT_ENGINES = Set.of("XGBoost", "LightGBM");

  /** Sums of 32-bit probabilities differ from 1 by less. */
  private static final double ROUNDING = 1e-4;

  private static final double SMALLEST = Float.MIN_VALUE;

  /** The form of an engine that DJL calls by a name. */
  public static OutputForm of(String engine) {
    return FLAT_ENGINES.contains(engine) ? FLAT : TENSORS;
  }

  /**
   * How many rows an output has, or 0 where that cannot be told.
   *
   * @param inputs of the model: the first one's first axis is the batch
   */
  int rows(NDArray output, NDList inputs) {
    Shape shape = output.getShape();
    if (shape.dimension() == 2) {
      return Math.toIntExact(shape.get(0));
    }
    if (shape.dimension() != 1) {
      return 0;
    }
    Shape input = inputs.isEmpty() ? new Shape() : inputs.get(0).getShape();
    long batch = input.dimension() < 2 ? 1 : input.get(0);
    long values = shape.get(0);
    if (this == TENSORS) {
      // A value for each of a batch is no answer of one input.
      return batch > 1 && values == batch ? 0 : 1;
    }
    return batch < 1 || values % batch != 0 ? 0 : Math.toIntExact(batch);
  }

  /** The logits of a row, in place: those of probabilities are their logarithms. */
  void toLogits(float[] row) {
    if (this == TENSORS) {
      return;
    }
    double sum = 0;
    for (float value : row) {
      if (!(value >= 0 && value <= 1)) {
        return;
      }
      sum += value;
    }
    if (Math.abs(sum - 1) > ROUNDING) {
      return;
    }
    for (int i = 0; i < row.length; i++) {
      row[i] = (float) Math.log(Math.max(row[i], SMALLEST));
    }
  }
}
