package io.innerspan.examples.quickstart.driver;

/** What went wrong, as one line for the user. */
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int exitCode;

  private Failure(int exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  /** The command line is wrong: exit code 2. */
  public static Failure usage(String message) {
    return new Failure(2, message + " (--help shows the options)");
  }

  /** The run failed: exit code 1. */
  public static Failure run(String message) {
    return new Failure(1, message);
  }

  /** What the program ends with. */
  public int exitCode() {
    return exitCode;
  }

  /** The line for the user. */
  public String line() {
    return String.valueOf(getMessage());
  }
}
