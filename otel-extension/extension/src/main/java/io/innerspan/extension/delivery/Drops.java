package io.innerspan.extension.delivery;

import io.innerspan.semconv.DeliveryDropReason;
import io.innerspan.semconv.DeliverySignal;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.logging.Logger;

/** Counts what is never delivered, and says so once for each signal and reason. Thread-safe. */
final class Drops {
  private static final Logger LOGGER = Logger.getLogger(Drops.class.getName());
  private static final int REASONS = DeliveryDropReason.values().length;

  private final AtomicLongArray counts =
      new AtomicLongArray(DeliverySignal.values().length * REASONS);

  void add(DeliverySignal signal, DeliveryDropReason reason, int items, String detail) {
    if (counts.getAndAdd(index(signal, reason), items) == 0) {
      LOGGER.warning(
          "Innerspan: dropped "
              + items
              + (items == 1 ? " item" : " items")
              + " of signal "
              + signal.value()
              + " on the way to the OTLP receiver: "
              + reason.value()
              + (detail.isEmpty() ? "" : ": " + detail)
              + "; further ones are only counted");
    }
  }

  long count(DeliverySignal signal, DeliveryDropReason reason) {
    return counts.get(index(signal, reason));
  }

  private static int index(DeliverySignal signal, DeliveryDropReason reason) {
    return signal.ordinal() * REASONS + reason.ordinal();
  }
}
