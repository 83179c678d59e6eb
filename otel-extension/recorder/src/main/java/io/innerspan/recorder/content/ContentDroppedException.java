package io.innerspan.recorder.content;

/** A text is not captured, because it could not be redacted. The message holds none of it. */
public final class ContentDroppedException extends Exception {
  private static final long serialVersionUID = 1;

  ContentDroppedException(String message) {
    super(message);
  }
}
