package io.innerspan.signals.pack;

import io.innerspan.signals.safetensors.Tensor;

/** What golden tensors are held to. */
final class Golden {
  /** Floats, all finite. */
  static float[] checkFloats(String what, Tensor tensor) {
    float[] values;
    try {
      values = tensor.toFloats();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(what + ": " + e.getMessage(), e);
    }
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new IllegalArgumentException(
            what + "[" + i + "]: expected a finite number, found " + values[i]);
      }
    }
    return values;
  }

  static void checkLogits(String what, Tensor tensor, long rows) {
    boolean column = tensor.rank() == 2 && tensor.dim(1) == 1;
    if ((tensor.rank() != 1 && !column) || tensor.dim(0) != rows) {
      throw new IllegalArgumentException(
          what + ": expected the shape [" + rows + "], found " + tensor);
    }
    checkFloats(what, tensor);
  }

  private Golden() {}
}
