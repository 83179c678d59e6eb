package io.innerspan.signals.monitor;

import io.innerspan.signals.InvalidValueException;

/** A monitor or baseline that does not belong to its pack; the message says what and why. */
public final class InvalidMonitorException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  /** The kinds, for counting. */
  public enum Kind {
    /** A signal or value that the pack does not have. */
    UNKNOWN_SIGNAL,
    /** A baseline of another model than the pack's. */
    OTHER_MODEL
  }

  private final Kind kind;
  private final transient InvalidValueException fault;

  InvalidMonitorException(Kind kind, InvalidValueException fault) {
    super(fault.getMessage(), fault);
    this.kind = kind;
    this.fault = fault;
  }

  /** What is wrong. */
  public Kind kind() {
    return kind;
  }

  /** What, expected and actual. */
  public InvalidValueException fault() {
    return fault;
  }
}
