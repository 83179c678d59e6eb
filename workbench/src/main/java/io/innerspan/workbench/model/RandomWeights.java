package io.innerspan.workbench.model;

import com.google.protobuf.ByteString;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Random;

/**
 * Replaces a model's matrices by Gaussian ones of the same mean and deviation, as Heap et al. 2025
 * (arXiv 2501.17727) do for their randomly initialised controls. The same seed gives the same
 * bytes.
 */
final class RandomWeights {
  static byte[] replace(byte[] model, long seed) throws IOException {
    ModelProto.Builder builder = ModelProto.parseFrom(model).toBuilder();
    Random random = new Random(seed);
    for (TensorProto.Builder weight : builder.getGraphBuilder().getInitializerBuilderList()) {
      boolean matrix = weight.getDimsCount() >= 2;
      if (matrix && weight.getDataType() == TensorProto.DataType.FLOAT.getNumber()) {
        replace(weight, random);
      }
    }
    return builder.build().toByteArray();
  }

  private static void replace(TensorProto.Builder weight, Random random) {
    float[] values = values(weight);
    double sum = 0;
    double squares = 0;
    for (float value : values) {
      sum += value;
      squares += (double) value * value;
    }
    double mean = sum / Math.max(1, values.length);
    double deviation = Math.sqrt(Math.max(0, squares / Math.max(1, values.length) - mean * mean));
    ByteBuffer raw =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.length; i++) {
      raw.putFloat((float) (mean + deviation * random.nextGaussian()));
    }
    weight.clearFloatData().setRawData(ByteString.copyFrom(raw.flip()));
  }

  private static float[] values(TensorProto.Builder weight) {
    if (weight.getRawData().isEmpty()) {
      float[] values = new float[weight.getFloatDataCount()];
      for (int i = 0; i < values.length; i++) {
        values[i] = weight.getFloatData(i);
      }
      return values;
    }
    FloatBuffer raw =
        weight.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    float[] values = new float[raw.remaining()];
    raw.get(values);
    return values;
  }

  private RandomWeights() {}
}
