package io.innerspan.signals.pack;

import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.safetensors.Tensor;

/** What golden tensors are held to. */
final class Golden {
  /** Floats, all finite. */
  static float[] checkFloats(String what, Tensor tensor) {
    if (!tensor.dtype().isFloat()) {
      throw new InvalidValueException(what, "F16, BF16, F32 or F64", tensor);
    }
    float[] values = tensor.toFloats();
    for (int i = 0; i < values.length; i++) {
      if (!Float.isFinite(values[i])) {
        throw new InvalidValueException(what + "[" + i + "]", "a finite number", values[i]);
      }
    }
    return values;
  }

  static void checkLogits(String what, Tensor tensor, long rows) {
    boolean column = tensor.rank() == 2 && tensor.dim(1) == 1;
    if ((tensor.rank() != 1 && !column) || tensor.dim(0) != rows) {
      throw new InvalidValueException(what, "the shape [" + rows + "]", tensor);
    }
    checkFloats(what, tensor);
  }

  /** {@code [rows, columns]}; a value may be absent, that is NaN. */
  static void checkValues(String what, Tensor tensor, long rows) {
    if (!tensor.dtype().isFloat()) {
      throw new InvalidValueException(what, "F16, BF16, F32 or F64", tensor);
    }
    if (tensor.rank() != 2 || tensor.dim(0) != rows || tensor.elements() == 0) {
      throw new InvalidValueException(what, "the shape [" + rows + ", columns]", tensor);
    }
    for (float value : tensor.toFloats()) {
      if (Float.isInfinite(value)) {
        throw new InvalidValueException(what, "finite numbers or NaN", value);
      }
    }
  }

  private Golden() {}
}
