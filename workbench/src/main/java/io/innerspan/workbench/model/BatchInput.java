package io.innerspan.workbench.model;

import io.innerspan.signals.safetensors.DType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What a model takes under one name.
 *
 * @param name the input's
 * @param dtype the type of its elements, or null when the model does not say
 * @param dims its dimensions, the batch first, −1 for any; null when the model does not say
 */
@SuppressWarnings("ArrayRecordComponent")
public record BatchInput(String name, @Nullable DType dtype, long @Nullable [] dims) {
  /** How many rows a batch must have, or −1 for any. */
  public long rows() {
    return dims == null || dims.length == 0 ? -1 : dims[0];
  }

  /** Whether a tensor of many rows can be given batch by batch. */
  public boolean takes(DType type, long[] shape) {
    if (shape.length == 0 || (dtype != null && dtype != type)) {
      return false;
    }
    if (dims == null) {
      return true;
    }
    boolean fits = dims.length == shape.length;
    for (int axis = 1; fits && axis < shape.length; axis++) {
      fits = dims[axis] < 0 || dims[axis] == shape[axis];
    }
    return fits;
  }

  /** The type and dimensions, for people. */
  public String form() {
    return (dtype == null ? "any" : dtype)
        + (dims == null ? "" : Arrays.toString(dims).replace("-1", "?"));
  }
}
