package io.opentelemetry.javaagent.innerspan.bridge;

import org.jspecify.annotations.Nullable;

/** One inference under way, begun and ended by the same thread; never throws. */
public interface Inference {
  /** The gates that are open for this inference, bit g being gate g. */
  default long openGates() {
    return 0;
  }

  /**
   * Ends the inference.
   *
   * @param reading {@code rows × columns} values of the reading output, row by row, which must not
   *     change afterwards; null when this inference gave none
   * @param rows the number of rows in {@code reading}
   * @param failure what the application's call threw, or null
   */
  void end(float @Nullable [] reading, int rows, @Nullable Throwable failure);
}
