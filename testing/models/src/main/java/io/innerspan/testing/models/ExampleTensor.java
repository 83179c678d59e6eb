package io.innerspan.testing.models;

import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A tensor to feed. For ONNX Runtime from 1.17 on: {@code OnnxTensor.createTensor(environment,
 * data(), shape(), OnnxJavaType.valueOf(type().name()))}; 1.12 needs typed views of the buffer,
 * since it takes the bytes for elements.
 *
 * @param type of the elements
 * @param shape row-major
 * @param data a direct buffer in native byte order, from position 0; each call gives its own view
 */
@SuppressWarnings("ArrayRecordComponent")
public record ExampleTensor(DataType type, long[] shape, ByteBuffer data) {
  public ExampleTensor {
    shape = shape.clone();
  }

  @Override
  public long[] shape() {
    return shape.clone();
  }

  @Override
  public ByteBuffer data() {
    return data.duplicate().order(data.order());
  }

  /** The elements of a tensor of 64-bit integers. */
  public long[] longs() {
    expect(DataType.INT64);
    long[] result = new long[data.capacity() / Long.BYTES];
    data().asLongBuffer().get(result);
    return result;
  }

  /** The elements of a tensor of floats. */
  public float[] floats() {
    expect(DataType.FLOAT);
    float[] result = new float[data.capacity() / Float.BYTES];
    data().asFloatBuffer().get(result);
    return result;
  }

  private void expect(DataType expected) {
    if (type != expected) {
      throw new IllegalStateException("expected elements " + expected + ", found " + type);
    }
  }

  @Override
  public String toString() {
    return type + Arrays.toString(shape);
  }
}
