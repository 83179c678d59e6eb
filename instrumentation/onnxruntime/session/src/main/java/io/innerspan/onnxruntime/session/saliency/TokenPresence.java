package io.innerspan.onnxruntime.session.saliency;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Map;

/**
 * Token ids of which each is there, at 1, or replaced by padding, at 0: what occlusion needs of a
 * model that cannot be started behind its embedding.
 */
public final class TokenPresence {
  /** What BERT and most of its kin have for padding. */
  private static final long PADDING_ID = 0;

  private static final double HALF = 0.5;

  /** The input of these ids. */
  public static Varying of(OrtEnvironment environment, String input, RepeatedRow ids) {
    LongBuffer all = ByteBuffer.wrap(ids.bytes()).order(ByteOrder.nativeOrder()).asLongBuffer();
    return (values, rows) -> {
      long[] present = new long[values.length];
      for (int i = 0; i < present.length; i++) {
        present[i] = values[i] > HALF ? all.get(i % all.capacity()) : PADDING_ID;
      }
      return Map.of(
          input,
          OnnxTensor.createTensor(
              environment, LongBuffer.wrap(present), RepeatedRow.batch(rows, ids.shape())));
    };
  }

  private TokenPresence() {}
}
