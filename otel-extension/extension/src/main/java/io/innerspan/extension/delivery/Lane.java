package io.innerspan.extension.delivery;

import io.innerspan.semconv.DeliveryDropReason;
import io.innerspan.semconv.DeliverySignal;
import io.opentelemetry.sdk.common.CompletableResultCode;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The way of one signal: a queue in memory, the store's queue on disk, and one request at a time
 * under way.
 *
 * <p>While the receiver takes what it is given, requests go there from memory. Once it fails or is
 * slow, all goes to the disk, and from there in order, until nothing is left there: what is on disk
 * is older than what is in memory. Findings always go by the disk.
 *
 * <p>{@link #offer} and {@link #settle} are for any thread and never wait; all else is one
 * thread's.
 */
final class Lane {
  /** A request that is being sent takes longer than this: the receiver is slow. */
  private static final long SLOW = TimeUnit.SECONDS.toNanos(1);

  /** A request that takes longer than this is sent again. */
  private static final long LOST = TimeUnit.MINUTES.toNanos(2);

  /** Who waits for delivery waits no longer than this for the receiver, and then for the disk. */
  private static final long GRACE = TimeUnit.SECONDS.toNanos(2);

  private static final int MOST_DOUBTS = 8;

  /** What is under way: the first on disk, or else the first in memory. */
  private static final class Sending {
    final Request request;
    final CompletableResultCode result;
    final long since;
    @Nullable Stored stored;

    Sending(Request request, CompletableResultCode result, long since, @Nullable Stored stored) {
      this.request = request;
      this.result = result;
      this.since = since;
      this.stored = stored;
    }
  }

  private record Settling(CompletableResultCode done, long since, boolean close) {}

  private final DeliverySignal signal;
  private final Transport transport;
  private final Store store;
  private final Drops drops;
  private final Backoff backoff;
  private final long limit;
  private final Runnable wake;

  /** Guarded by this. */
  private final Deque<Request> memory = new ArrayDeque<>();

  private long memoryBytes;
  private long memoryItems;
  private final List<Settling> settlings = new ArrayList<>();
  private boolean closing;

  private @Nullable Sending sending;
  private int doubts;
  private boolean delivered;
  private volatile boolean closed;
  private final List<Runnable> ended = new ArrayList<>();

  /**
   * @param limit the bytes that may wait in memory
   * @param wake called from any thread when there is something to do
   */
  Lane(
      DeliverySignal signal,
      Transport transport,
      Store store,
      Drops drops,
      Backoff backoff,
      long limit,
      Runnable wake) {
    this.signal = signal;
    this.transport = transport;
    this.store = store;
    this.drops = drops;
    this.backoff = backoff;
    this.limit = limit;
    this.wake = wake;
  }

  Transport transport() {
    return transport;
  }

  /** Takes a request, or counts it as dropped. */
  boolean offer(Request request) {
    boolean taken;
    synchronized (this) {
      taken = !closing && memoryBytes + request.body().length <= limit;
      if (taken) {
        memory.addLast(request);
        account(request, 1);
      }
    }
    if (taken) {
      wake.run();
    } else {
      drops.add(signal, DeliveryDropReason.MEMORY_FULL, request.items(), "of " + limit + " bytes");
    }
    return taken;
  }

  /**
   * Sees to it that what was taken is with the receiver, or else on disk.
   *
   * @param close whether nothing is taken any more
   * @return done when that is so; failed when neither the receiver nor the disk takes it
   */
  CompletableResultCode settle(long now, boolean close) {
    if (closed) {
      return CompletableResultCode.ofSuccess(); // It was settled when it was closed.
    }
    CompletableResultCode done = new CompletableResultCode();
    synchronized (this) {
      closing |= close;
      settlings.add(new Settling(done, now, close));
    }
    wake.run();
    return done;
  }

  /** How many items wait in memory. */
  synchronized long memoryItems() {
    return memoryItems;
  }

  private void account(Request request, int sign) {
    memoryBytes += sign * (long) request.body().length;
    memoryItems += sign * (long) request.items();
  }

  private synchronized @Nullable Request first() {
    return memory.peekFirst();
  }

  private synchronized void removeFirst() {
    Request first = memory.pollFirst();
    if (first != null) {
      account(first, -1);
    }
  }

  boolean isClosed() {
    return closed;
  }

  /** Whether the receiver took something since this was last asked. */
  boolean takeDelivered() {
    boolean was = delivered;
    delivered = false;
    return was;
  }

  /** Whether it pauses before it tries again. */
  boolean isWaiting(long now) {
    return sending == null && backoff.left(now) > 0;
  }

  /** The receiver takes other signals: this one is tried at once. */
  void hurry(long now) {
    backoff.hurry(now);
  }

  /**
   * Does what there is to do and does not wait.
   *
   * @return in how many nanoseconds there is more to do, if nobody wakes earlier
   */
  long step(long now) {
    finish(now);
    if (isToDisk(now)) {
      toDisk(now);
    }
    begin(now);
    settle(now);
    return due(now);
  }

  private void finish(long now) {
    Sending finished = sending;
    if (finished == null || (!finished.result.isDone() && now - finished.since < LOST)) {
      return;
    }
    sending = null;
    if (finished.stored != null) {
      finished.stored.sending = false;
    }
    Answer answer = finished.result.isDone() ? Answer.of(finished.result) : Answer.LATER;
    if (answer == Answer.DOUBTFUL && ++doubts >= MOST_DOUBTS) {
      answer = Answer.REFUSED;
    }
    switch (answer) {
      case DELIVERED -> {
        remove(finished);
        backoff.succeeded();
        delivered = true;
      }
      case REFUSED -> {
        remove(finished);
        drops.add(
            signal,
            DeliveryDropReason.REFUSED,
            finished.request.items(),
            String.valueOf(finished.result.getFailureThrowable()));
      }
      case LATER, DOUBTFUL -> backoff.failed(now);
    }
  }

  private void remove(Sending finished) {
    doubts = 0;
    if (finished.stored != null) {
      store.remove(finished.stored);
    } else {
      removeFirst();
    }
  }

  private boolean isToDisk(long now) {
    Sending under = sending;
    return signal == DeliverySignal.FINDING
        || !store.isEmpty(signal)
        || backoff.isFailing()
        || (under != null && now - under.since >= SLOW)
        || isOverdue(now);
  }

  private synchronized boolean isOverdue(long now) {
    return settlings.stream().anyMatch(settling -> now - settling.since() >= GRACE);
  }

  private void toDisk(long now) {
    for (Request request = first(); request != null; request = first()) {
      Stored stored = store.put(request, now);
      if (stored == null) {
        return; // It waits in memory, as long as there is place.
      }
      removeFirst();
      if (sending != null && sending.request == request) {
        stored.sending = true;
        sending.stored = stored;
      }
    }
  }

  private void begin(long now) {
    if (sending != null || closed || backoff.left(now) > 0) {
      return;
    }
    for (Stored stored = store.first(signal); stored != null; stored = store.first(signal)) {
      try {
        byte[] body = store.read(stored);
        stored.sending = true;
        send(new Request(signal, stored.items(), body), stored, now);
        return;
      } catch (IOException | RequestFile.DamagedException e) {
        store.remove(stored);
        drops.add(
            signal, DeliveryDropReason.DAMAGED, stored.items(), String.valueOf(e.getMessage()));
      }
    }
    Request request = first();
    if (request != null) {
      send(request, null, now);
    }
  }

  private void send(Request request, @Nullable Stored stored, long now) {
    CompletableResultCode result;
    try {
      result = transport.send(request.body(), request.items());
    } catch (RuntimeException | Error e) {
      result = CompletableResultCode.ofExceptionalFailure(e);
    }
    sending = new Sending(request, result, now, stored);
    result.whenComplete(wake);
  }

  private void settle(long now) {
    List<Settling> settled = new ArrayList<>();
    boolean close = false;
    boolean empty;
    synchronized (this) {
      empty = memory.isEmpty();
      for (Iterator<Settling> all = settlings.iterator(); all.hasNext(); ) {
        Settling settling = all.next();
        if (empty || now - settling.since() >= GRACE) {
          all.remove();
          settled.add(settling);
          close |= settling.close();
        }
      }
    }
    for (Settling settling : settled) {
      if (close) {
        ended.add(empty ? settling.done()::succeed : settling.done()::fail);
      } else if (empty) {
        settling.done().succeed();
      } else {
        settling.done().fail();
      }
    }
    if (close) {
      close(empty);
    }
  }

  /** Lets those go on who waited for the end of this lane; nothing while it has not ended. */
  void letGo() {
    ended.forEach(Runnable::run);
    ended.clear();
  }

  private void close(boolean empty) {
    closed = true;
    if (!empty) {
      drops.add(
          signal,
          DeliveryDropReason.MEMORY_FULL,
          (int) Math.min(Integer.MAX_VALUE, memoryItems()),
          "at the end, when neither the receiver nor the disk took it");
    }
    transport.shutdown();
  }

  private long due(long now) {
    long due = Long.MAX_VALUE;
    Sending under = sending;
    if (closed) {
      return due;
    }
    if (under != null) {
      long age = now - under.since;
      due = Math.min(due, under.result.isDone() ? 0 : age < SLOW ? SLOW - age : LOST - age);
    } else if (first() != null || !store.isEmpty(signal)) {
      due = Math.min(due, backoff.left(now));
    }
    synchronized (this) {
      for (Settling settling : settlings) {
        due = Math.min(due, Math.max(0, GRACE - (now - settling.since())));
      }
    }
    return due;
  }
}
