package io.innerspan.signals;

/** A value that is not what it must be; the message says what, expected and actual. */
public final class InvalidValueException extends IllegalArgumentException {
  private final String what;
  private final String expected;
  private final String actual;

  /**
   * @param what the part that is wrong
   * @param expected what it should be
   * @param actual what it is
   */
  public InvalidValueException(String what, String expected, Object actual) {
    super(what + ": expected " + expected + ", found " + actual);
    this.what = what;
    this.expected = expected;
    this.actual = String.valueOf(actual);
  }

  /** The part that is wrong. */
  public String what() {
    return what;
  }

  /** What it should be. */
  public String expected() {
    return expected;
  }

  /** What it is. */
  public String actual() {
    return actual;
  }

  /** The same fault in a part of something larger. */
  public InvalidValueException under(String outer) {
    InvalidValueException fault = new InvalidValueException(outer + "." + what, expected, actual);
    fault.initCause(this);
    return fault;
  }
}
