package io.innerspan.workbench.capture;

import java.io.IOException;
import java.io.Serial;

/** One tensor would exceed the 2 GiB that can be mapped at once. */
final class CaptureTooLargeException extends IOException {
  @Serial private static final long serialVersionUID = 1L;

  CaptureTooLargeException(long rows, int width) {
    super(rows + " rows of " + width + " floats");
  }
}
