package io.innerspan.onnxruntime.session;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtSession;
import io.opentelemetry.javaagent.innerspan.bridge.CacheInput;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One call of {@code OrtSession.run}, and what the graft read in it. Used by one thread. */
final class RunCall {
  private static final long[] NO_SHAPE = {};

  final Map<String, OnnxTensor> inputs;
  final Set<String> requested;
  final @Nullable Map<String, OnnxValue> pinned;
  final OrtSession.@Nullable RunOptions options;

  /** The bits of the gates that are open for this run. */
  long openGates;

  /** {@code rows × columns} values, row by row; null when this run gave no reading. */
  float @Nullable [] reading;

  int rows;

  RunCall(
      Map<String, OnnxTensor> inputs,
      Set<String> requested,
      @Nullable Map<String, OnnxValue> pinned,
      OrtSession.@Nullable RunOptions options) {
    this.inputs = inputs;
    this.requested = requested;
    this.pinned = pinned;
    this.options = options;
  }

  /** The number of elements of the first input; 1 when there is none. */
  long elements() {
    long elements = 1;
    for (long dimension : firstShape()) {
      elements *= dimension;
    }
    return elements;
  }

  /**
   * The first dimension of the first input: how many items the application asks about; negative
   * when there is none.
   */
  long batchSize() {
    long[] shape = firstShape();
    return shape.length == 0 ? -1 : shape[0];
  }

  /**
   * Whether an input has no rows, or no tokens: there is nothing to read, and ONNX Runtime's TopK
   * ends the process over no rows. A cache may well be empty; it has more dimensions.
   */
  boolean isEmpty() {
    for (Object input : inputs.values()) {
      long[] shape = shape(input);
      if (shape.length > 0 && (shape[0] == 0 || (shape.length == 2 && shape[1] == 0))) {
        return true;
      }
    }
    return false;
  }

  /** How many tokens are cached according to this input; negative when it does not say. */
  long cachedTokens(@Nullable CacheInput cache) {
    if (cache == null) {
      return -1;
    }
    long[] shape = shape(inputs.get(cache.name()));
    return cache.lengthAxis() < shape.length ? shape[cache.lengthAxis()] : -1;
  }

  private long[] firstShape() {
    // An application may hand over sparse tensors too, and null.
    for (Object input : inputs.values()) {
      return shape(input);
    }
    return NO_SHAPE;
  }

  private static long[] shape(@Nullable Object input) {
    return input instanceof OnnxTensor tensor ? tensor.getInfo().getShape() : NO_SHAPE;
  }
}
