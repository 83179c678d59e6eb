package io.innerspan.extension.delivery;

import io.innerspan.semconv.DeliveryDropReason;
import io.innerspan.semconv.DeliverySignal;
import io.opentelemetry.sdk.common.CompletableResultCode;
import java.io.IOException;
import java.util.ArrayList;
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
  /** Who waits for delivery waits no longer than this for the receiver, and then for the disk. */
  static final long GRACE = TimeUnit.SECONDS.toNanos(5);

  private static final int MOST_DOUBTS = 8;

  private record Settling(CompletableResultCode done, long since, boolean close) {}

  private final DeliverySignal signal;
  private final Transport transport;
  private final Store store;
  private final Drops drops;
  private final Backoff backoff;
  private final MemoryQueue memory;
  private final Runnable wake;

  /** Guarded by itself. */
  private final List<Settling> settlings = new ArrayList<>();

  private volatile boolean closing;
  private volatile boolean closed;
  private @Nullable Sending sending;
  private int doubts;
  private boolean delivered;
  private final List<Runnable> answers = new ArrayList<>();

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
    this.memory = new MemoryQueue(limit);
    this.wake = wake;
  }

  /** Takes a request, or counts it as dropped. */
  boolean offer(Request request) {
    boolean taken;
    synchronized (settlings) { // Or it might come after the last look at what waits.
      taken = !closing && memory.add(request);
    }
    if (taken) {
      wake.run();
    } else {
      drop(DeliveryDropReason.MEMORY_FULL, request.items(), "of " + memory.limit() + " bytes");
    }
    return taken;
  }

  private void drop(DeliveryDropReason reason, int items, String detail) {
    drops.add(signal, reason, items, detail);
  }

  /**
   * Sees to it that what was taken is with the receiver, or else on disk.
   *
   * @param close whether nothing is taken any more
   * @return done when that is so; failed when neither the receiver nor the disk takes it
   */
  CompletableResultCode settle(long now, boolean close) {
    CompletableResultCode done = new CompletableResultCode();
    synchronized (settlings) {
      if (closed) {
        return CompletableResultCode.ofSuccess(); // It was settled when it was closed.
      }
      closing |= close;
      settlings.add(new Settling(done, now, close));
    }
    wake.run();
    return done;
  }

  /** How many items wait in memory. */
  long memoryItems() {
    return memory.items();
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
    answer(now);
    return due(now);
  }

  private void finish(long now) {
    Sending finished = sending;
    Answer answer = finished == null ? null : finished.answer(now);
    if (finished == null || answer == null) {
      return;
    }
    sending = null;
    if (answer == Answer.DOUBTFUL && ++doubts >= MOST_DOUBTS) {
      answer = Answer.REFUSED;
    }
    switch (answer) {
      case DELIVERED -> {
        remove(finished.stored());
        backoff.succeeded();
        delivered = true;
      }
      case REFUSED -> {
        remove(finished.stored());
        drop(DeliveryDropReason.REFUSED, finished.request().items(), finished.failure());
      }
      case LATER, DOUBTFUL -> {
        if (finished.stored() != null) {
          finished.stored().sending = false;
        }
        backoff.failed(now);
      }
    }
  }

  private void remove(@Nullable Stored stored) {
    doubts = 0;
    if (stored != null) {
      store.remove(stored);
    } else {
      memory.removeFirst();
    }
  }

  private boolean isToDisk(long now) {
    return signal == DeliverySignal.FINDING
        || !store.isEmpty(signal)
        || backoff.isFailing()
        || (sending != null && sending.isSlow(now))
        || isOverdue(now);
  }

  private boolean isOverdue(long now) {
    synchronized (settlings) {
      return settlings.stream().anyMatch(settling -> now - settling.since() >= GRACE);
    }
  }

  private void toDisk(long now) {
    for (Request request = memory.first(); request != null; request = memory.first()) {
      Stored stored = store.put(request, now);
      if (stored == null) {
        return; // It waits in memory, as long as there is place.
      }
      memory.removeFirst();
      if (sending != null && sending.request() == request) {
        sending.store(stored);
      }
    }
  }

  private void begin(long now) {
    if (sending != null || closed || backoff.left(now) > 0) {
      return;
    }
    for (Stored stored = store.first(signal); stored != null; stored = store.first(signal)) {
      try {
        send(new Request(signal, stored.items(), store.read(stored)), stored, now);
        return;
      } catch (IOException | RequestFile.DamagedException e) {
        store.remove(stored);
        drop(DeliveryDropReason.DAMAGED, stored.items(), String.valueOf(e.getMessage()));
      }
    }
    Request request = memory.first();
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

  private void answer(long now) {
    boolean safe;
    synchronized (settlings) {
      // Looked at when nobody can begin to wait: what was taken before somebody did is seen.
      boolean settled = isSettled();
      safe = memory.isEmpty();
      for (Settling settling : settlings) {
        closed |= settling.close() && (settled || now - settling.since() >= GRACE);
      }
      for (Iterator<Settling> all = settlings.iterator(); all.hasNext(); ) {
        Settling settling = all.next();
        if (settled || closed || now - settling.since() >= GRACE) {
          all.remove();
          answers.add(safe ? settling.done()::succeed : settling.done()::fail);
        }
      }
    }
    if (closed && !safe) {
      dropRest();
    }
  }

  /** Whether nothing waits that the receiver might still take now. */
  private boolean isSettled() {
    return memory.isEmpty() && sending == null && (store.isEmpty(signal) || backoff.isFailing());
  }

  private void dropRest() {
    int items = (int) Math.min(Integer.MAX_VALUE, memory.items());
    while (!memory.isEmpty()) {
      memory.removeFirst();
    }
    drop(
        DeliveryDropReason.MEMORY_FULL,
        items,
        "at the end, when neither the receiver nor the disk took it");
  }

  /** Lets those go on who waited and whose wait is over. */
  void letGo() {
    answers.forEach(Runnable::run);
    answers.clear();
  }

  private long due(long now) {
    if (closed) {
      return Long.MAX_VALUE;
    }
    long due = Long.MAX_VALUE;
    if (sending != null) {
      due = sending.due(now);
    } else if (!memory.isEmpty() || !store.isEmpty(signal)) {
      due = backoff.left(now);
    }
    synchronized (settlings) {
      for (Settling settling : settlings) {
        due = Math.min(due, Math.max(0, GRACE - (now - settling.since())));
      }
    }
    return due;
  }
}
