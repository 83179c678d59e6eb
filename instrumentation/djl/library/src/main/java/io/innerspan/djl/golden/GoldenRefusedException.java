package io.innerspan.djl.golden;

/**
 * A model cannot be run on a golden input; the message says what was found in place of a reading.
 */
public final class GoldenRefusedException extends Exception {
  private static final long serialVersionUID = 1;

  public GoldenRefusedException(String found) {
    super(found);
  }

  /** The model failed on it. */
  public static GoldenRefusedException failed(Throwable failure) {
    return new GoldenRefusedException(failure.toString().lines().findFirst().orElse(""));
  }
}
