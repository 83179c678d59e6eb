package io.innerspan.exporter.siem;

import java.io.IOException;
import java.util.List;

/** Where findings go. Used by one thread. */
interface Target extends AutoCloseable {
  /** What became of a batch. */
  enum Outcome {
    TAKEN,
    /** Not now: the same batch is to be sent again. */
    LATER,
    /** Never: the batch is given up. */
    REFUSED
  }

  /**
   * Sends a batch, and waits for the answer for a bounded time.
   *
   * @throws IOException when there is no answer; the same as {@link Outcome#LATER}
   * @throws InterruptedException when the exporter is shut down meanwhile
   */
  Outcome send(List<Finding> findings) throws IOException, InterruptedException;

  @Override
  default void close() {}
}
