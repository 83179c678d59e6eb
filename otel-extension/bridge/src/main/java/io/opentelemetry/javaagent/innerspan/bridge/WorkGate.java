package io.opentelemetry.javaagent.innerspan.bridge;

import java.util.concurrent.TimeUnit;

/** Counts who is inside, until it is closed and nobody enters any more. Thread-safe. */
final class WorkGate {
  private int inside;
  private volatile boolean closed;

  /** Returns false, and lets nobody in, once it is closed. */
  synchronized boolean enter() {
    if (closed) {
      return false;
    }
    inside++;
    return true;
  }

  synchronized void leave() {
    inside--;
    notifyAll();
  }

  synchronized void close() {
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }

  /** Returns whether all have left; false when that takes longer, or the thread is interrupted. */
  synchronized boolean awaitEmpty(long millis) {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (inside > 0) {
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (left <= 0) {
        return false;
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }
}
