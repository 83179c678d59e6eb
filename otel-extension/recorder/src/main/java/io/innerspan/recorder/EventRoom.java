package io.innerspan.recorder;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * How many events of crossed thresholds all models together may raise: {@value #BURST} at once, and
 * {@value #PER_SECOND} a second. Thread-safe, without a lock; the clock may jump.
 *
 * <p>The SDK keeps 2,048 log records until they are exported, and drops what comes beyond. An
 * export may take ten seconds. What is raised meanwhile must leave room for findings and what else
 * is told once only.
 */
final class EventRoom {
  static final int BURST = 1_000;
  static final int PER_SECOND = 100;
  private static final long EACH = TimeUnit.SECONDS.toNanos(1) / PER_SECOND;

  private final LongSupplier nanoTime;

  /** When there will be room for a whole burst again. */
  private final AtomicLong free;

  EventRoom(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.free = new AtomicLong(nanoTime.getAsLong());
  }

  /** Takes room for so many events, or for fewer if there is less. */
  int take(int events) {
    while (true) {
      long now = nanoTime.getAsLong();
      long before = free.get();
      long until = Math.max(0, Math.min(before - now, BURST * EACH));
      int taken = (int) Math.min(events, BURST - (until + EACH - 1) / EACH);
      if (free.compareAndSet(before, now + until + taken * EACH)) {
        return taken;
      }
    }
  }
}
