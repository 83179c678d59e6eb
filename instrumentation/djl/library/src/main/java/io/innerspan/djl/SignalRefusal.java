package io.innerspan.djl;

import io.innerspan.signals.Signal;

/**
 * Why a signal cannot be computed in a model.
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
    /** The place is there, but its kind or type, or the signal, is not supported. */
    UNSUPPORTED
  }

  /** The refusal of a signal at its hook point. */
  public static SignalRefusal of(Reason reason, Signal signal, String detail) {
    return new SignalRefusal(reason, signal.hookPoint() + ": " + detail);
  }

  @Override
  public String toString() {
    return detail;
  }
}
