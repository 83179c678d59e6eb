package io.innerspan.workbench.data;

import java.io.Serial;
import java.nio.file.Path;

/**
 * What the user gave cannot be used; the message says which file, what was expected, and what was
 * found.
 */
public final class BadInput extends RuntimeException {
  @Serial private static final long serialVersionUID = 1L;

  /** A message that stands alone on one line. */
  public BadInput(String message) {
    super(message);
  }

  /** {@code <file>: expected <expected>, found <actual>}. */
  public static BadInput in(Path file, String expected, String actual) {
    return new BadInput(file + ": expected " + expected + ", found " + actual);
  }
}
