package io.innerspan.signals.safetensors;

import io.innerspan.signals.InvalidValueException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * An array of numbers in the layout of safetensors. Immutable as long as the bytes it was made of
 * are left alone; safe to share between threads.
 *
 * @param dtype the type of the elements
 * @param shape the dimensions, none negative; empty for a scalar; copied on the way in and out
 * @param data the elements row by row in little-endian order; a read-only view is kept, not a copy
 */
@SuppressWarnings("ArrayRecordComponent") // copied on the way in and out, compared by content
public record Tensor(DType dtype, long[] shape, ByteBuffer data) {
  public Tensor {
    shape = shape.clone();
    data = data.slice().asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN);
    long length = Shapes.byteLength(dtype, shape);
    if (length != data.remaining()) {
      throw new InvalidValueException(
          "tensor " + dtype + Arrays.toString(shape),
          length < 0 ? "a shape whose size fits 63 bits" : length + " bytes",
          data.remaining() + " bytes");
    }
  }

  /** A tensor of 32-bit floats; without a shape, a vector. */
  public static Tensor ofFloats(float[] values, long... shape) {
    return ofFloats(FloatBuffer.wrap(values), shape);
  }

  /** A tensor of a buffer's 32-bit floats, position to limit; without a shape, a vector. */
  public static Tensor ofFloats(FloatBuffer values, long... shape) {
    ByteBuffer data = allocate((long) values.remaining() * Float.BYTES);
    data.asFloatBuffer().put(values.duplicate());
    return new Tensor(DType.F32, orVector(shape, values.remaining()), data);
  }

  /** A tensor of 64-bit floats; without a shape, a vector. */
  public static Tensor ofDoubles(double[] values, long... shape) {
    ByteBuffer data = allocate((long) values.length * Double.BYTES);
    data.asDoubleBuffer().put(values);
    return new Tensor(DType.F64, orVector(shape, values.length), data);
  }

  /** A tensor of 64-bit integers; without a shape, a vector. */
  public static Tensor ofLongs(long[] values, long... shape) {
    ByteBuffer data = allocate((long) values.length * Long.BYTES);
    data.asLongBuffer().put(values);
    return new Tensor(DType.I64, orVector(shape, values.length), data);
  }

  /** A tensor of 32-bit integers; without a shape, a vector. */
  public static Tensor ofInts(int[] values, long... shape) {
    ByteBuffer data = allocate((long) values.length * Integer.BYTES);
    data.asIntBuffer().put(values);
    return new Tensor(DType.I32, orVector(shape, values.length), data);
  }

  /** A copy of the dimensions. */
  @Override
  public long[] shape() {
    return shape.clone();
  }

  /** The number of dimensions. */
  public int rank() {
    return shape.length;
  }

  /** The size of one dimension. */
  public long dim(int axis) {
    return shape[axis];
  }

  /** The elements: a read-only, little-endian view of its own position and limit. */
  @Override
  public ByteBuffer data() {
    return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The number of elements. */
  public int elements() {
    return data.remaining() / dtype.bytes();
  }

  /**
   * The elements as 32-bit floats, rounded to the nearest if the type is F64.
   *
   * @throws IllegalArgumentException if the type is none of F16, BF16, F32, F64
   */
  public float[] toFloats() {
    return Elements.floats(this);
  }

  /**
   * The elements as 64-bit integers.
   *
   * @throws IllegalArgumentException if the type is no integer or boolean type, or is U64
   */
  public long[] toLongs() {
    return Elements.longs(this);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Tensor that
        && dtype == that.dtype
        && Arrays.equals(shape, that.shape)
        && data.equals(that.data);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * dtype.hashCode() + Arrays.hashCode(shape)) + data.hashCode();
  }

  @Override
  public String toString() {
    return dtype + Arrays.toString(shape);
  }

  private static long[] orVector(long[] shape, int length) {
    return shape.length == 0 ? new long[] {length} : shape;
  }

  private static ByteBuffer allocate(long bytes) {
    return ByteBuffer.allocate(Math.toIntExact(bytes)).order(ByteOrder.LITTLE_ENDIAN);
  }
}
