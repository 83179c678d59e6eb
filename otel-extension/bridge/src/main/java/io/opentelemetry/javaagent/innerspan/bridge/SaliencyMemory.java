package io.opentelemetry.javaagent.innerspan.bridge;

/** The memory that explaining inferences may take in all. Thread-safe. */
public interface SaliencyMemory {
  /**
   * Takes some.
   *
   * @return whether there was enough; else nothing is taken
   */
  boolean reserve(long bytes);

  /** Gives back what was taken. */
  void release(long bytes);
}
