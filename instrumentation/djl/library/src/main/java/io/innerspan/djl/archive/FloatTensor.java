package io.innerspan.djl.archive;

import java.util.Arrays;

/**
 * A contiguous tensor of 32-bit numbers.
 *
 * @param values row by row
 * @param shape whose product is the number of values
 */
@SuppressWarnings("ArrayRecordComponent")
public record FloatTensor(float[] values, long... shape) {
  public FloatTensor {
    long size = Arrays.stream(shape).reduce(1, Math::multiplyExact);
    if (size != values.length) {
      throw new IllegalArgumentException(
          "expected " + size + " values of " + Arrays.toString(shape) + ", found " + values.length);
    }
    values = values.clone();
    shape = shape.clone();
  }

  /** How many values lie between neighbours of each dimension. */
  long[] strides() {
    long[] strides = new long[shape.length];
    long step = 1;
    for (int i = shape.length - 1; i >= 0; i--) {
      strides[i] = step;
      step *= shape[i];
    }
    return strides;
  }
}
