package io.innerspan.onnxruntime.graft;

/**
 * Why a signal cannot be compiled into a model.
 *
 * @param reason for counting
 * @param detail for people: what, expected and found
 */
public record SignalRefusal(Reason reason, String detail) {
  /** The closed set of reasons. */
  public enum Reason {
    /** The model has no such place, or its activation has another width. */
    NO_HOOK_POINT,
    /** Tokens cannot be told from padding. */
    NO_ATTENTION_MASK,
    /** The place is there, but its kind, type or operator set is not supported. */
    UNSUPPORTED
  }

  @Override
  public String toString() {
    return detail;
  }
}
