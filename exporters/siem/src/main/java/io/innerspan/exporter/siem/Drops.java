package io.innerspan.exporter.siem;

import io.innerspan.semconv.DeliveryDropReason;
import java.util.concurrent.atomic.AtomicLongArray;

/** Counts findings that never reach the SIEM. Thread-safe. */
final class Drops {
  private final AtomicLongArray counts = new AtomicLongArray(DeliveryDropReason.values().length);

  /**
   * Counts findings.
   *
   * @return whether none was dropped for this reason before
   */
  boolean add(DeliveryDropReason reason, long findings) {
    return counts.getAndAdd(reason.ordinal(), findings) == 0;
  }

  long count(DeliveryDropReason reason) {
    return counts.get(reason.ordinal());
  }
}
