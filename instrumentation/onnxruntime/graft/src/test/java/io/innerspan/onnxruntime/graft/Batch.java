package io.innerspan.onnxruntime.graft;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.testing.models.TransformerFixture;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Token ids and which of them are real, {@code [batch][tokens]} both. */
@SuppressWarnings("ArrayRecordComponent")
record Batch(long[][] ids, boolean[][] real) {

  enum Padding {
    LEFT,
    RIGHT,
    BOTH
  }

  /** Rows of random lengths between 1 and all tokens. */
  static Batch random(int rows, int tokens, Padding padding, long seed) {
    Random random = new Random(seed);
    Batch batch = new Batch(new long[rows][tokens], new boolean[rows][tokens]);
    for (int row = 0; row < rows; row++) {
      int length = 1 + random.nextInt(tokens);
      int first =
          switch (padding) {
            case LEFT -> tokens - length;
            case RIGHT -> 0;
            case BOTH -> random.nextInt(tokens - length + 1);
          };
      for (int token = 0; token < tokens; token++) {
        batch.ids[row][token] = random.nextInt(TransformerFixture.VOCABULARY);
        batch.real[row][token] = token >= first && token < first + length;
      }
    }
    return batch;
  }

  /** A row of the mask. */
  long[] mask(int row) {
    long[] mask = new long[real[row].length];
    for (int token = 0; token < mask.length; token++) {
      mask[token] = real[row][token] ? 1 : 0;
    }
    return mask;
  }

  /** The feeds of a transformer fixture with a mask of the given type, or without one. */
  Map<String, OnnxTensor> feeds(@Nullable DataType mask) throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> feeds = new HashMap<>();
    feeds.put("input_ids", OnnxTensor.createTensor(environment, ids));
    if (mask != null) {
      feeds.put("attention_mask", mask(environment, mask));
    }
    return feeds;
  }

  private OnnxTensor mask(OrtEnvironment environment, DataType type) throws OrtException {
    if (type == DataType.BOOL) {
      return OnnxTensor.createTensor(environment, real);
    }
    int rows = real.length;
    int tokens = real[0].length;
    long[][] longs = new long[rows][tokens];
    int[][] ints = new int[rows][tokens];
    float[][] floats = new float[rows][tokens];
    ShortBuffer halves =
        ByteBuffer.allocateDirect(2 * rows * tokens).order(ByteOrder.nativeOrder()).asShortBuffer();
    for (int row = 0; row < rows; row++) {
      for (int token = 0; token < tokens; token++) {
        int one = real[row][token] ? 1 : 0;
        longs[row][token] = one;
        ints[row][token] = one;
        floats[row][token] = one;
        halves.put((short) (one * 0x3c00));
      }
    }
    return switch (type) {
      case INT64 -> OnnxTensor.createTensor(environment, longs);
      case INT32 -> OnnxTensor.createTensor(environment, ints);
      case FLOAT -> OnnxTensor.createTensor(environment, floats);
      case FLOAT16 ->
          OnnxTensor.createTensor(
              environment, halves.flip(), new long[] {rows, tokens}, OnnxJavaType.FLOAT16);
      default -> throw new IllegalArgumentException("no mask of type " + type);
    };
  }
}
