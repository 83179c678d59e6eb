package io.innerspan.djl.saliency;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Arrays;

/**
 * The number that is explained: of the first output of scores the one that was largest.
 *
 * @param output which output
 * @param element of its row: the class
 */
record Target(int output, int element) {
  /**
   * Finds the target.
   *
   * @param outputs of one row
   */
  static Target of(NDList outputs) throws SaliencyRefusedException {
    for (int i = 0; i < outputs.size(); i++) {
      if (isScores(outputs.get(i), 1)) {
        float[] scores = outputs.get(i).toFloatArray();
        int largest = 0;
        for (int j = 0; j < scores.length; j++) {
          if (!Float.isFinite(scores[j])) {
            throw new SaliencyRefusedException(
                "expected finite scores, found " + Arrays.toString(scores));
          }
          largest = scores[j] > scores[largest] ? j : largest;
        }
        return new Target(i, largest);
      }
    }
    throw new SaliencyRefusedException(
        "expected an output of scores, [1] or [1, classes] for one row, found "
            + outputs.stream().map(each -> each.getShape().toString()).toList());
  }

  /** Whether outputs hold the target for some rows. */
  boolean isIn(NDList outputs, int rows) {
    return outputs.size() > output && isScores(outputs.get(output), rows);
  }

  /** The target of each row: {@code [rows]}. */
  NDArray of(NDList outputs, int rows) {
    NDArray scores = outputs.get(output);
    Shape shape = scores.getShape();
    if (!isIn(outputs, rows)) {
      throw new IllegalStateException("expected " + rows + " rows of scores, found " + shape);
    }
    return shape.dimension() == 1 ? scores : scores.get(":, {}", element);
  }

  private static boolean isScores(NDArray output, int rows) {
    Shape shape = output.getShape();
    int dimensions = shape.dimension();
    return output.getDataType() == DataType.FLOAT32
        && (dimensions == 1 || dimensions == 2)
        && shape.get(0) == rows
        && shape.size() > 0;
  }
}
