package io.innerspan.extension.delivery;

import io.innerspan.semconv.DeliveryDropReason;
import io.innerspan.semconv.DeliverySignal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The queues on disk, one for each signal, within one limit. Where it is reached, the signal that
 * takes most gives up its oldest; findings are never given up. One thread's, but for the counts.
 */
final class Store {
  /** Makes the folder that requests are written to. */
  interface Opening {
    RequestFolder open(Path directory) throws IOException;
  }

  private static final Logger LOGGER = Logger.getLogger(Store.class.getName());
  private static final long PAUSE = TimeUnit.SECONDS.toNanos(10);
  private static final int SIGNALS = DeliverySignal.values().length;

  private final Path directory;
  private final long limit;
  private final Drops drops;
  private final Opening opening;
  private final Map<DeliverySignal, Deque<Stored>> queues = new EnumMap<>(DeliverySignal.class);
  private final Map<DeliverySignal, Long> sizes = new EnumMap<>(DeliverySignal.class);
  private final AtomicLongArray items = new AtomicLongArray(SIGNALS);
  private volatile long bytes;
  private @Nullable RequestFolder folder;
  private boolean faulty;
  private boolean told;
  private long faultUntil;

  Store(Path directory, long limit, Drops drops, Opening opening) {
    this.directory = directory;
    this.limit = limit;
    this.drops = drops;
    this.opening = opening;
    for (DeliverySignal signal : DeliverySignal.values()) {
      queues.put(signal, new ArrayDeque<>());
      sizes.put(signal, 0L);
    }
  }

  /** Opens the folder, and takes over what earlier JVMs left. */
  void open(long now) {
    try {
      openFolder();
    } catch (IOException | RuntimeException e) {
      fault(e, now);
    }
  }

  private RequestFolder openFolder() throws IOException {
    RequestFolder opened = folder;
    if (opened == null) {
      opened = opening.open(directory);
      folder = opened;
      for (Stored stored : opened.takeOver(directory)) {
        add(stored);
      }
      while (bytes > limit && giveUpOldest()) {
        // Within the limit again in the end.
      }
    }
    return opened;
  }

  boolean isEmpty(DeliverySignal signal) {
    return queue(signal).isEmpty();
  }

  /** Thread-safe. */
  long items(DeliverySignal signal) {
    return items.get(signal.ordinal());
  }

  /** What all queues take on disk. Thread-safe. */
  long bytes() {
    return bytes;
  }

  @Nullable Stored first(DeliverySignal signal) {
    return queue(signal).peekFirst();
  }

  /**
   * Puts a request to the end of its queue.
   *
   * @return null when there is no place for it, or the disk is at fault: it stays where it is
   */
  @Nullable Stored put(Request request, long now) {
    if (faulty && now - faultUntil < 0) {
      return null;
    }
    try {
      RequestFolder to = openFolder();
      long needed = Stored.blocks(RequestFile.length(request.body()));
      if (needed > limit) {
        return null;
      }
      while (bytes + needed > limit) {
        if (!giveUpOldest()) {
          return null;
        }
      }
      Stored stored = write(to, request);
      add(stored);
      faulty = false;
      return stored;
    } catch (IOException | RuntimeException e) {
      fault(e, now);
      return null;
    }
  }

  /** Where the disk itself is full, others give way to findings. */
  private Stored write(RequestFolder to, Request request) throws IOException {
    while (true) {
      try {
        return to.write(request);
      } catch (IOException e) {
        if (request.signal() != DeliverySignal.FINDING || !giveUpOldest()) {
          throw e;
        }
      }
    }
  }

  private void add(Stored stored) {
    queue(stored.signal()).addLast(stored);
    account(stored, 1);
  }

  byte[] read(Stored stored) throws IOException, RequestFile.DamagedException {
    return RequestFile.read(stored.file());
  }

  /** Takes the first of a queue away. */
  void remove(Stored first) {
    queue(first.signal()).removeFirstOccurrence(first);
    forget(first);
  }

  private boolean giveUpOldest() {
    DeliverySignal most = null;
    for (DeliverySignal signal : DeliverySignal.values()) {
      if (signal != DeliverySignal.FINDING
          && oldest(signal) != null
          && (most == null || size(signal) > size(most))) {
        most = signal;
      }
    }
    Stored oldest = most == null ? null : oldest(most);
    if (oldest == null) {
      return false;
    }
    remove(oldest);
    drops.add(
        oldest.signal(),
        DeliveryDropReason.DISK_FULL,
        oldest.items(),
        "of " + limit + " bytes in " + directory);
    return true;
  }

  private @Nullable Stored oldest(DeliverySignal signal) {
    Iterator<Stored> all = queue(signal).iterator();
    while (all.hasNext()) {
      Stored stored = all.next();
      if (!stored.sending) {
        return stored;
      }
    }
    return null;
  }

  private void forget(Stored stored) {
    account(stored, -1);
    try {
      if (folder != null) {
        folder.delete(stored);
      }
    } catch (IOException | RuntimeException e) {
      say("cannot delete " + stored.file() + ": " + e);
    }
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // Written by one thread.
  private void account(Stored stored, int sign) {
    sizes.merge(stored.signal(), sign * stored.bytes(), Long::sum);
    items.addAndGet(stored.signal().ordinal(), sign * (long) stored.items());
    bytes += sign * stored.bytes();
  }

  private Deque<Stored> queue(DeliverySignal signal) {
    Deque<Stored> queue = queues.get(signal);
    if (queue == null) {
      throw new IllegalStateException("no queue of " + signal);
    }
    return queue;
  }

  private long size(DeliverySignal signal) {
    return sizes.getOrDefault(signal, 0L);
  }

  private void fault(Exception failure, long now) {
    faulty = true;
    faultUntil = now + PAUSE;
    say("cannot write to " + directory + ": " + failure);
  }

  private void say(String what) {
    if (!told) {
      told = true;
      LOGGER.warning(
          "Innerspan: telemetry that the OTLP receiver does not take waits in memory only: "
              + what);
    }
  }

  /** Lets the folder go; what waits there is left to another JVM. */
  void close() {
    try {
      if (folder != null) {
        folder.close();
      }
    } catch (IOException | RuntimeException e) {
      say("cannot close " + directory + ": " + e);
    }
  }
}
