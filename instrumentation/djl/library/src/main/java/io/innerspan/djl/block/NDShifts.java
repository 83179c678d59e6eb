package io.innerspan.djl.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;

/** What selects values along an axis, or moves them. */
final class NDShifts {
  static NDArray slice(NDArray a, int axis, long from, long to) {
    NDIndex index = new NDIndex();
    for (int i = 0; i < axis; i++) {
      index.addAllDim();
    }
    return a.get(index.addSliceDim(from, to));
  }

  /** The largest values along an axis, or their places: part 0 or 1. */
  static NDArray largest(NDArray a, int count, int axis, int part) {
    NDList both = a.topK((int) Math.min(count, a.getShape().get(axis)), axis);
    both.get(1 - part).close();
    return both.get(part);
  }

  /** The values of {@code a [batch, n, k]} at places {@code [batch, m]} of axis 1. */
  static NDArray gather(NDArray a, NDArray places) {
    Shape shape = places.getShape();
    Shape wide = new Shape(shape.get(0), shape.get(1), a.getShape().get(2));
    return a.gather(places.expandDims(2).broadcast(wide), 1);
  }

  /** Moves values back along axis 1, with {@code fill} at its start. */
  static NDArray delayed(NDManager manager, NDArray a, long steps, double fill) {
    Shape shape = a.getShape();
    long size = shape.get(1);
    long padding = Math.min(steps, size);
    if (padding == 0) {
      return a.reshape(shape);
    }
    long[] dims = shape.getShape().clone();
    dims[1] = padding;
    NDArray start = manager.full(new Shape(dims), (float) fill, a.getDataType());
    return padding == size
        ? start
        : NDArrays.concat(new NDList(start, slice(a, 1, 0, size - padding)), 1);
  }

  /** {@code y_j = decay_j · y_{j−1} + input_j} along axis 1, by doubling. */
  static NDArray recurrence(NDManager manager, NDArray decay, NDArray input) {
    NDArray factor = decay;
    NDArray value = input;
    long size = input.getShape().get(1);
    for (long step = 1; step < size; step *= 2) {
      value = value.add(factor.mul(delayed(manager, value, step, 0)));
      factor = factor.mul(delayed(manager, factor, step, 1));
    }
    return size <= 1 ? value.mul(1) : value;
  }

  private NDShifts() {}
}
