package io.opentelemetry.javaagent.innerspan.bridge;

import org.jspecify.annotations.Nullable;

/** The session that answers an application's inferences, for readings of our own. Thread-safe. */
public interface LiveModel {
  /**
   * A reading.
   *
   * @param values {@code rows × columns} values of the reading output, row by row
   * @param rows the number of rows
   */
  record LiveReading(float[] values, int rows) {}

  /**
   * Reads an input with all gates open, in this thread. No inference is told: neither a span nor a
   * metric comes of it.
   *
   * @return null when the session does not answer any more: it was closed, its graft is not used
   *     any more, or the JVM ends
   * @throws Exception when the engine does not take the input
   */
  @Nullable LiveReading read(ModelInput input) throws Exception;
}
