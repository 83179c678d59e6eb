package io.innerspan.onnxruntime.session.saliency;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * One row of an input, to be put into batches.
 *
 * @param bytes its elements, in the machine's order; not changed
 * @param shape with a batch of 1
 * @param type of its elements
 */
@SuppressWarnings("ArrayRecordComponent")
record RepeatedRow(byte[] bytes, long[] shape, OnnxJavaType type) {
  /**
   * Copies the only row of a tensor.
   *
   * @throws IllegalArgumentException when it has another number of rows
   */
  static RepeatedRow copy(String input, OnnxTensor tensor) {
    long[] shape = tensor.getInfo().getShape();
    if (shape.length == 0 || shape[0] != 1) {
      throw new IllegalArgumentException(
          input + ": expected a batch of one row, found " + Arrays.toString(shape));
    }
    ByteBuffer data = tensor.getByteBuffer();
    byte[] bytes = new byte[data.remaining()];
    data.get(bytes);
    return new RepeatedRow(bytes, shape.clone(), tensor.getInfo().type);
  }

  OnnxTensor repeated(OrtEnvironment environment, int rows) throws OrtException {
    ByteBuffer all =
        ByteBuffer.allocateDirect(bytes.length * rows).order(ByteOrder.nativeOrder());
    for (int row = 0; row < rows; row++) {
      all.put(bytes);
    }
    long[] batch = shape.clone();
    batch[0] = rows;
    return OnnxTensor.createTensor(environment, all.flip(), batch, type);
  }
}
