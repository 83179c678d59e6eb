package io.innerspan.testing;

/**
 * One line that a child JVM wrote.
 *
 * @param stream where it wrote it
 * @param text the line without its end
 */
public record LogLine(Stream stream, String text) {
  /** The stream of a line. */
  public enum Stream {
    OUT,
    ERR
  }
}
