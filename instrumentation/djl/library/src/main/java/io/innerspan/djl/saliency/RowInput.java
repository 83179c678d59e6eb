package io.innerspan.djl.saliency;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One row of an input.
 *
 * @param name of the input, or null
 * @param type of its elements
 * @param shape of the row, without the batch
 * @param bytes its elements, in the machine's order; not changed
 */
@SuppressWarnings("ArrayRecordComponent")
record RowInput(@Nullable String name, DataType type, Shape shape, byte[] bytes) {
  static RowInput copy(NDArray input, int row) throws SaliencyRefusedException {
    DataType type = input.getDataType();
    if (type == DataType.STRING || type == DataType.UNKNOWN) {
      throw new SaliencyRefusedException("expected inputs of numbers, found " + type);
    }
    Shape shape = input.getShape().slice(1);
    byte[] bytes = new byte[Math.toIntExact(shape.size() * type.getNumOfBytes())];
    input.toByteBuffer().position(row * bytes.length).get(bytes);
    return new RowInput(input.getName(), type, shape, bytes);
  }

  boolean isFloating() {
    return type == DataType.FLOAT32;
  }

  /** Whether it may be token ids. */
  boolean isInteger() {
    return type == DataType.INT64 || type == DataType.INT32;
  }

  /** Its elements as float32. */
  double[] values() {
    double[] values = new double[bytes.length / Float.BYTES];
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    for (int i = 0; i < values.length; i++) {
      values[i] = buffer.getFloat();
    }
    return values;
  }

  /** The same with other token ids, all of them the same. */
  RowInput filled(long id) {
    ByteBuffer all = ByteBuffer.allocate(bytes.length).order(ByteOrder.nativeOrder());
    while (all.hasRemaining()) {
      if (type == DataType.INT64) {
        all.putLong(id);
      } else {
        all.putInt((int) id);
      }
    }
    return new RowInput(name, type, shape, all.array());
  }

  /** Its elements, of integers. */
  long[] integers() {
    ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    long[] values = new long[bytes.length / type.getNumOfBytes()];
    Arrays.setAll(values, i -> type == DataType.INT64 ? buffer.getLong() : buffer.getInt());
    return values;
  }

  /** A batch of equal rows. */
  NDArray repeated(NDManager manager, int times) {
    ByteBuffer all = ByteBuffer.allocateDirect(bytes.length * times).order(ByteOrder.nativeOrder());
    for (int i = 0; i < times; i++) {
      all.put(bytes);
    }
    return named(manager.create(all.flip(), batch(shape, times), type));
  }

  NDArray named(NDArray array) {
    if (name != null) {
      array.setName(name);
    }
    return array;
  }

  static Shape batch(Shape row, int rows) {
    return new Shape(rows).addAll(row);
  }
}
