package io.innerspan.extension.governor;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The pressure on this JVM's heap: pools that are nearly full after a collection, or collections
 * that take a large part of the time. Looks at most once per second, and takes a lock only then.
 */
public final class JvmPressure implements Pressure {
  /** The share of a pool that is in use after a collection. */
  private static final double FULL = 0.9;

  /** The share of the time that collections take. */
  private static final double BUSY = 0.2;

  private static final long INTERVAL = TimeUnit.SECONDS.toNanos(1);

  private final LongSupplier nanoTime;
  private volatile long lookedAt;
  private long collecting;
  private volatile GovernorListener.@Nullable Reason reason;

  public JvmPressure() {
    this(System::nanoTime);
  }

  JvmPressure(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    lookedAt = nanoTime.getAsLong();
    collecting = collectingMillis();
  }

  @Override
  public GovernorListener.@Nullable Reason reason() {
    if (nanoTime.getAsLong() - lookedAt >= INTERVAL) {
      look();
    }
    return reason;
  }

  private synchronized void look() {
    long now = nanoTime.getAsLong();
    if (now - lookedAt >= INTERVAL) {
      long millis = collectingMillis();
      long elapsed = TimeUnit.NANOSECONDS.toMillis(now - lookedAt);
      reason = reason(heap(), (double) (millis - collecting) / elapsed);
      collecting = millis;
      lookedAt = now;
    }
  }

  /**
   * @param heap the share of the fullest pool that is in use after a collection
   * @param collecting the share of the time that collections take
   */
  static GovernorListener.@Nullable Reason reason(double heap, double collecting) {
    if (heap > FULL) {
      return GovernorListener.Reason.HEAP;
    }
    return collecting > BUSY ? GovernorListener.Reason.GC : null;
  }

  private static double heap() {
    double fullest = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      MemoryUsage after = pool.getType() == MemoryType.HEAP ? pool.getCollectionUsage() : null;
      if (after != null && after.getMax() > 0) {
        fullest = Math.max(fullest, (double) after.getUsed() / after.getMax());
      }
    }
    return fullest;
  }

  private static long collectingMillis() {
    long millis = 0;
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      millis += Math.max(0, collector.getCollectionTime());
    }
    return millis;
  }
}
