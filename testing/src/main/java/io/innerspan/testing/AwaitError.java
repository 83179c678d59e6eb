package io.innerspan.testing;

/** Something awaited did not come: the deadline passed, or it cannot come any more. */
public final class AwaitError extends AssertionError {
  private final String summary;

  AwaitError(String summary, String details) {
    super(details.isEmpty() ? summary : summary + System.lineSeparator() + details);
    this.summary = summary;
  }

  /** The first line of the message: what was awaited and for how long, without the details. */
  public String summary() {
    return summary;
  }
}
