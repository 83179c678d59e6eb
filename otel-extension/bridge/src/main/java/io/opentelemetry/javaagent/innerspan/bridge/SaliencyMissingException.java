package io.opentelemetry.javaagent.innerspan.bridge;

/** A sampled inference is not explained; the message says what was expected and found. */
public final class SaliencyMissingException extends Exception {
  private static final long serialVersionUID = 1;

  /** The reasons that an engine's side has. */
  public enum Reason {
    /** The model, its inputs or its outputs are of a kind that is not explained. */
    UNSUPPORTED,
    /** There is no room for a copy of the model. */
    MEMORY_LIMIT,
    /** The application closed the model. */
    MODEL_CLOSED
  }

  private final Reason reason;

  public SaliencyMissingException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
