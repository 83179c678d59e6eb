package io.innerspan.recorder;

import java.util.concurrent.atomic.AtomicLong;

/** The memory that all monitors of slices share, whatever they are of. Thread-safe. */
final class SliceRoom {
  static final long BYTES = 32L << 20;

  private final AtomicLong taken = new AtomicLong();

  /** Takes so many bytes, if there are as many. */
  boolean take(long bytes) {
    if (taken.addAndGet(bytes) > BYTES) {
      taken.addAndGet(-bytes);
      return false;
    }
    return true;
  }

  /** Gives back what was taken. */
  void give(long bytes) {
    taken.addAndGet(-bytes);
  }
}
