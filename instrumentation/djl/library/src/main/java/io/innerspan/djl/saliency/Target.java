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
 * @param score of it
 */
public record Target(int output, int element, float score) {
  private static final double SAME = 1e-3;

  /**
   * Finds the target.
   *
   * @param outputs of a run, with one batch dimension; not changed
   * @param rows of the run
   * @throws SaliencyRefusedException when there are no scores
   */
  public static Target of(NDList outputs, int rows, int row) throws SaliencyRefusedException {
    for (int i = 0; i < outputs.size(); i++) {
      if (isScores(outputs.get(i), rows)) {
        float[] all = outputs.get(i).toFloatArray();
        int classes = all.length / rows;
        return largest(i, Arrays.copyOfRange(all, row * classes, (row + 1) * classes));
      }
    }
    throw new SaliencyRefusedException(
        "expected an output of scores, [batch] or [batch, classes], found "
            + outputs.stream().map(each -> each.getShape().toString()).toList());
  }

  private static Target largest(int output, float[] scores) throws SaliencyRefusedException {
    int largest = 0;
    for (int i = 0; i < scores.length; i++) {
      if (!Float.isFinite(scores[i])) {
        throw new SaliencyRefusedException(
            "expected finite scores, found " + Arrays.toString(scores));
      }
      largest = scores[i] > scores[largest] ? i : largest;
    }
    return new Target(output, largest, scores[largest]);
  }

  /** Requires the score of a model that should be the same. */
  void require(double found) throws SaliencyRefusedException {
    if (!isSame(found, score)) {
      throw new SaliencyRefusedException(
          "expected the score " + score + " from a copy of the model, found " + found);
    }
  }

  static boolean isSame(double found, double expected) {
    return Math.abs(found - expected) <= SAME * Math.max(1, Math.abs(expected));
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
