package io.innerspan.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * A growing list that threads add to and others await conditions on; all methods are thread-safe.
 */
final class Inbox<T> {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<T> items = new ArrayList<>();
  private boolean complete;

  /** Adds items in one step: no reader sees a part of them. */
  void addAll(List<? extends T> added) {
    lock.lock();
    try {
      items.addAll(added);
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Says that nothing will be added any more: whoever waits fails at once. */
  void complete() {
    lock.lock();
    try {
      complete = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void clear() {
    lock.lock();
    try {
      items.clear();
    } finally {
      lock.unlock();
    }
  }

  List<T> snapshot() {
    lock.lock();
    try {
      return List.copyOf(items);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until the condition holds for the items.
   *
   * @param what names what is awaited, for the error's first line
   * @param details describes the items for the rest of the error
   * @return the items for which the condition held
   * @throws AwaitError when the time is over, the inbox is complete or the thread is interrupted
   */
  List<T> await(
      Predicate<? super List<T>> condition,
      Duration timeout,
      String what,
      Function<? super List<T>, String> details) {
    long deadline = System.nanoTime() + timeout.toNanos();
    lock.lock();
    try {
      while (true) {
        List<T> now = List.copyOf(items);
        if (condition.test(now)) {
          return now;
        }
        if (complete) {
          throw new AwaitError(what + ": cannot come any more", details.apply(now));
        }
        long left = deadline - System.nanoTime();
        if (left <= 0) {
          throw new AwaitError(
              what + ": not within " + Durations.text(timeout), details.apply(now));
        }
        changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AwaitError(what + ": interrupted", "");
    } finally {
      lock.unlock();
    }
  }
}
