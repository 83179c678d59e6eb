package io.innerspan.djl.torchscript;

/** A rewritten archive must not be used; the message says why. */
public final class CaptureRefusedException extends Exception {
  private static final long serialVersionUID = 1;

  /** The closed set of reasons. */
  public enum Reason {
    /** The engine does not load it. */
    ENGINE_REFUSED,
    /** Its capture method fails where the original does not. */
    RUN_FAILED,
    /** Its capture method gives other outputs than the original. */
    OUTPUT_CHANGED
  }

  private final Reason reason;

  public CaptureRefusedException(Reason reason, String detail) {
    super(detail);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
