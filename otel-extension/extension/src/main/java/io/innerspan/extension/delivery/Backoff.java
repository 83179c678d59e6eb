package io.innerspan.extension.delivery;

import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next attempt: twice as long after each failure, up to half a minute,
 * and by chance up to a quarter less, so that the JVMs of a fleet do not come all at once.
 */
final class Backoff {
  private static final long FIRST = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long LONGEST = TimeUnit.SECONDS.toNanos(30);

  private final DoubleSupplier chance;
  private int failures;
  private long notBefore;

  /**
   * @param chance numbers from 0 to 1
   */
  Backoff(DoubleSupplier chance) {
    this.chance = chance;
  }

  boolean isFailing() {
    return failures > 0;
  }

  void failed(long now) {
    long pause = Math.min(LONGEST, FIRST << Math.min(failures, 16));
    failures++;
    notBefore = now + (long) (pause * (1 - chance.getAsDouble() / 4));
  }

  void succeeded() {
    failures = 0;
  }

  /** The receiver answers others: it may be tried at once. */
  void hurry(long now) {
    notBefore = failures > 0 ? now : notBefore;
  }

  /** Nanoseconds to wait from now on; 0 when there is nothing to wait for. */
  long left(long now) {
    return failures == 0 ? 0 : Math.max(0, notBefore - now);
  }
}
