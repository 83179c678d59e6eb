package io.innerspan.onnxruntime.session.saliency;

import ai.onnxruntime.OrtException;
import java.util.regex.Pattern;

/** What failures of ONNX Runtime mean, which has one exception for all of them. */
final class Failures {
  private static final Pattern EXHAUSTED =
      Pattern.compile("(?i)failed to allocate memory|bad[ _]alloc|out of memory");

  private Failures() {}

  /**
   * What to throw.
   *
   * @throws OutOfMemoryError when the engine has no memory left
   */
  static IllegalStateException of(OrtException failure) {
    String message = String.valueOf(failure.getMessage());
    if (EXHAUSTED.matcher(message).find()) {
      OutOfMemoryError error =
          new OutOfMemoryError("ONNX Runtime: " + message.lines().findFirst().orElse(""));
      error.initCause(failure);
      throw error;
    }
    return new IllegalStateException("ONNX Runtime failed: " + message, failure);
  }
}
