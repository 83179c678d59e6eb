package io.opentelemetry.javaagent.innerspan.bridge;

/**
 * Why an engine's side does not graft or read a model, or leaves a part of that out.
 *
 * @param reason for the counter
 * @param detail for people: one line with what, expected and actual
 */
public record Refusal(Reason reason, String detail) {
  /** The closed set of reasons that come from an engine's side. */
  public enum Reason {
    /** The application set an option that a graft would interfere with. */
    SESSION_OPTION,
    /** The session uses an execution provider that the settings do not allow. */
    EXECUTION_PROVIDER,
    /** The engine did not open the grafted model. */
    ENGINE_REFUSED,
    /** An output of the model was not bit-identical any more. */
    OUTPUT_CHANGED,
    /** Nothing could be compared, so nothing is certain. */
    NOT_CERTIFIED,
    /** A grafted inference failed where the original did not. */
    RUN_FAILED,
    /** The model cannot be read as the engine's format. */
    UNREADABLE_MODEL,
    /** The model is readable, but of a kind that is not supported. */
    UNSUPPORTED_MODEL,
    /** The model has no such place, or its activation has another width. */
    NO_HOOK_POINT,
    /** Tokens cannot be told from padding. */
    NO_ATTENTION_MASK,
    /** No signal is left after others were refused. */
    NO_SIGNAL,
    /** A fault of our own. */
    INTERNAL_FAULT
  }
}
