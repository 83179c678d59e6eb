package io.innerspan.onnxruntime.session.tensor;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;

/** Makes tensors of bytes. */
public final class Tensors {
  /**
   * A tensor of elements of any type but text.
   *
   * @param data the elements, direct and in the machine's order: of a buffer on the heap ONNX
   *     Runtime expects the class that belongs to the type
   */
  public static OnnxTensor of(
      OrtEnvironment environment, ByteBuffer data, long[] shape, OnnxJavaType type)
      throws OrtException {
    // By typed buffers where there are some: version 1.12 counts a ByteBuffer's bytes as elements.
    return switch (type) {
      case FLOAT -> OnnxTensor.createTensor(environment, data.asFloatBuffer(), shape);
      case DOUBLE -> OnnxTensor.createTensor(environment, data.asDoubleBuffer(), shape);
      case INT16 -> OnnxTensor.createTensor(environment, data.asShortBuffer(), shape);
      case INT32 -> OnnxTensor.createTensor(environment, data.asIntBuffer(), shape);
      case INT64 -> OnnxTensor.createTensor(environment, data.asLongBuffer(), shape);
      default -> OnnxTensor.createTensor(environment, data, shape, type);
    };
  }

  private Tensors() {}
}
