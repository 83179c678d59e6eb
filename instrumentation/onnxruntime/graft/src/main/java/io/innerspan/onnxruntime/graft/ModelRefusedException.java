package io.innerspan.onnxruntime.graft;

/** Says why a model cannot be grafted; the model itself may be perfectly fine. */
public final class ModelRefusedException extends Exception {
  private static final long serialVersionUID = 1L;
  private static final String NOT_ONNX = "not an ONNX model: ";

  /** A refusal for the given reason, worded to follow "refused: ". */
  public ModelRefusedException(String reason) {
    super(reason);
  }

  ModelRefusedException(String reason, Throwable cause) {
    super(reason, cause);
  }

  /** Whether the model cannot be read at all. */
  public boolean unreadable() {
    return reason().startsWith(NOT_ONNX);
  }

  /** Why, in one line. */
  public String reason() {
    String reason = getMessage();
    return reason == null ? "unknown" : reason;
  }
}
