package io.innerspan.djl.saliency;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * What of a model's inputs varies: an input, or what the embedding gives in its place.
 *
 * @param inputs of the inference
 * @param index of the input, or {@link #EMBEDDING}
 * @param shape of a row
 */
record Variable(RowInputs inputs, int index, Shape shape) {
  /** For what stands behind the token ids. */
  static final int EMBEDDING = -1;

  static Variable input(RowInputs inputs, int index) {
    return new Variable(inputs, index, inputs.get(index).shape());
  }

  boolean isEmbedding() {
    return index == EMBEDDING;
  }

  int size() {
    return Math.toIntExact(shape.size());
  }

  /** Rows at some points. */
  NDArray at(NDManager manager, double[][] points) {
    float[] values = new float[points.length * size()];
    int at = 0;
    for (double[] point : points) {
      for (double value : point) {
        values[at++] = (float) value;
      }
    }
    return manager.create(values, RowInput.batch(shape, points.length));
  }

  /** Runs a model with rows of the variable in its place. */
  NDList run(Network network, NDManager manager, NDArray rows, int count) {
    NDList all = inputs.repeated(manager, count);
    if (isEmbedding()) {
      return network.run(all, rows);
    }
    all.set(index, inputs.get(index).named(rows));
    return network.run(all);
  }
}
