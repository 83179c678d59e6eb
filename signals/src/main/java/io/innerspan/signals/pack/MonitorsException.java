package io.innerspan.signals.pack;

import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.OneLine;
import java.io.IOException;

/** A file of monitors, or what it says of one pack, that is refused; the message is one line. */
public final class MonitorsException extends IOException {
  private static final long serialVersionUID = 1;

  /** The kinds of refusals, for counting. */
  public enum Kind {
    /** The file cannot be read, or breaks a rule of the format. */
    INVALID,
    /** A monitor or baseline is of a signal or value that the pack does not have. */
    UNKNOWN_SIGNAL,
    /** A baseline is of another model than the pack's. */
    OTHER_MODEL
  }

  private final Kind kind;

  MonitorsException(Kind kind, String file, InvalidValueException fault) {
    super(
        OneLine.of(
            "monitors "
                + file
                + ": "
                + fault.what()
                + ": expected "
                + fault.expected()
                + ", found "
                + fault.actual()),
        fault);
    this.kind = kind;
  }

  /** What kind of refusal it is. */
  public Kind kind() {
    return kind;
  }
}
