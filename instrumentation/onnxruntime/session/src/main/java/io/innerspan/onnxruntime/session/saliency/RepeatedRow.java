package io.innerspan.onnxruntime.session.saliency;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.innerspan.onnxruntime.session.tensor.Tensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * One row of an input, to be put into batches.
 *
 * @param bytes its elements, in the machine's order; not changed
 * @param shape of the row, without the batch
 * @param type of its elements
 */
@SuppressWarnings("ArrayRecordComponent")
public record RepeatedRow(byte[] bytes, long[] shape, OnnxJavaType type) {
  /**
   * Copies a row of a tensor.
   *
   * @throws IllegalArgumentException when it has no such row
   */
  public static RepeatedRow copy(String input, OnnxTensor tensor, int row) {
    long[] shape = tensor.getInfo().getShape();
    if (shape.length == 0 || shape[0] <= row || tensor.getInfo().type == OnnxJavaType.STRING) {
      throw new IllegalArgumentException(
          input
              + ": expected a batch of numbers with a row "
              + row
              + ", found "
              + tensor.getInfo().type
              + Arrays.toString(shape));
    }
    ByteBuffer data = tensor.getByteBuffer();
    byte[] bytes = new byte[data.remaining() / Math.toIntExact(shape[0])];
    data.position(data.position() + row * bytes.length).get(bytes);
    return new RepeatedRow(
        bytes, Arrays.copyOfRange(shape, 1, shape.length), tensor.getInfo().type);
  }

  /** Its elements, of float32. */
  public double[] floats() {
    FloatBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder()).asFloatBuffer();
    double[] values = new double[all.remaining()];
    Arrays.setAll(values, all::get);
    return values;
  }

  OnnxTensor repeated(OrtEnvironment environment, int rows) throws OrtException {
    ByteBuffer all = ByteBuffer.allocateDirect(bytes.length * rows).order(ByteOrder.nativeOrder());
    for (int row = 0; row < rows; row++) {
      all.put(bytes);
    }
    return Tensors.of(environment, all.flip(), batch(rows, shape), type);
  }

  static long[] batch(int rows, long... row) {
    long[] batch = new long[row.length + 1];
    batch[0] = rows;
    System.arraycopy(row, 0, batch, 1, row.length);
    return batch;
  }
}
