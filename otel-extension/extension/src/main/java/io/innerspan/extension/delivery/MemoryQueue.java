package io.innerspan.extension.delivery;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** Requests in memory, in their order and within a limit. Thread-safe. */
final class MemoryQueue {
  private final long limit;
  private final Deque<Request> requests = new ArrayDeque<>();
  private long bytes;
  private long items;

  /**
   * @param limit of all bodies together, in bytes
   */
  MemoryQueue(long limit) {
    this.limit = limit;
  }

  long limit() {
    return limit;
  }

  /** Returns false when there is no place. */
  synchronized boolean add(Request request) {
    if (bytes + request.body().length > limit) {
      return false;
    }
    requests.addLast(request);
    bytes += request.body().length;
    items += request.items();
    return true;
  }

  synchronized @Nullable Request first() {
    return requests.peekFirst();
  }

  synchronized void removeFirst() {
    Request first = requests.pollFirst();
    if (first != null) {
      bytes -= first.body().length;
      items -= first.items();
    }
  }

  synchronized boolean isEmpty() {
    return requests.isEmpty();
  }

  /** How many spans, metrics or log records are in it. */
  synchronized long items() {
    return items;
  }
}
