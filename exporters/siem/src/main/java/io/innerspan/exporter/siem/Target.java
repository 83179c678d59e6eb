package io.innerspan.exporter.siem;

import java.io.IOException;
import java.util.List;

/** Where findings go. Used by one thread. */
interface Target extends AutoCloseable {
  /**
   * What became of a batch; what is in neither was taken.
   *
   * @param later those that were not taken now and are to be sent again, in their order
   * @param refused how many never will be
   */
  record Receipt(List<Finding> later, int refused) {
    public Receipt {
      later = List.copyOf(later);
    }

    static Receipt taken() {
      return new Receipt(List.of(), 0);
    }

    static Receipt later(List<Finding> findings) {
      return new Receipt(findings, 0);
    }

    static Receipt refused(List<Finding> findings) {
      return new Receipt(List.of(), findings.size());
    }
  }

  /**
   * Sends a batch, and waits for the answer for a bounded time.
   *
   * @throws IOException when there is no answer; the same as {@link Receipt#later} for all
   * @throws InterruptedException when the exporter is shut down meanwhile
   */
  Receipt send(List<Finding> findings) throws IOException, InterruptedException;

  @Override
  default void close() {}
}
