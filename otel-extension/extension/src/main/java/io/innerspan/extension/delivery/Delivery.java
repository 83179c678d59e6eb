package io.innerspan.extension.delivery;

import io.innerspan.semconv.DeliverySignal;
import io.opentelemetry.sdk.common.CompletableResultCode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Brings telemetry to its receiver: one lane for each signal, and one daemon thread for all.
 * Thread-safe.
 *
 * <p>Not a {@code ThreadPoolExecutor}: classes of {@code java.util.concurrent} that are loaded
 * before the agent installs its transformers would have to be retransformed.
 */
final class Delivery {
  static final String THREAD = "innerspan-delivery";

  /** After a fault of ours, which must not turn into a busy loop. */
  private static final long FAULT_PAUSE = TimeUnit.SECONDS.toNanos(1);

  private final DeliverySettings settings;
  private final LongSupplier nanoTime;
  private final Consumer<Throwable> faults;
  private final Drops drops = new Drops();
  private final Store store;

  /** Guarded by this. */
  private final Map<DeliverySignal, Lane> lanes = new EnumMap<>(DeliverySignal.class);

  private boolean running;
  private boolean ended;
  private boolean woken;

  /**
   * @param faults told of faults of our own
   */
  Delivery(
      DeliverySettings settings,
      Store.Opening opening,
      LongSupplier nanoTime,
      Consumer<Throwable> faults) {
    this.settings = settings;
    this.nanoTime = nanoTime;
    this.faults = faults;
    this.store = new Store(settings.directory(), settings.diskBytes(), drops, opening);
  }

  Drops drops() {
    return drops;
  }

  /** Of which signals it has lanes, for a message. */
  synchronized String signals() {
    return lanes.keySet().stream().map(DeliverySignal::value).collect(Collectors.joining(", "));
  }

  /** How many items of a signal wait. */
  long waiting(DeliverySignal signal) {
    Lane lane;
    synchronized (this) {
      lane = lanes.get(signal);
    }
    return store.items(signal) + (lane == null ? 0 : lane.memoryItems());
  }

  /** What waits on disk, in bytes. */
  long diskBytes() {
    return store.bytes();
  }

  /**
   * Opens a lane for each of an exporter's signals.
   *
   * @return null when another exporter has one of them
   */
  synchronized @Nullable Map<DeliverySignal, Lane> open(
      Transport transport, List<DeliverySignal> signals) {
    if (signals.stream().anyMatch(lanes::containsKey)) {
      return null;
    }
    Map<DeliverySignal, Lane> opened = new EnumMap<>(DeliverySignal.class);
    for (DeliverySignal signal : signals) {
      long limit = settings.memoryBytes();
      opened.put(
          signal,
          new Lane(
              signal,
              transport,
              store,
              drops,
              new Backoff(() -> ThreadLocalRandom.current().nextDouble()),
              // Findings have their own place, that nothing else can fill.
              signal == DeliverySignal.FINDING ? limit / 4 : limit / 3,
              this::wake));
    }
    lanes.putAll(opened);
    return opened;
  }

  /** Sees to it that what a lane took is with the receiver, or else on disk. */
  CompletableResultCode settle(Lane lane, boolean close) {
    return lane.settle(nanoTime.getAsLong(), close);
  }

  /** Has the thread begin, if it has not: it takes over first what earlier JVMs left. */
  synchronized void wake() {
    woken = true;
    if (!running && !ended) {
      start();
      running = true; // After it: a thread that could not be started is tried again.
    }
    notifyAll();
  }

  private void start() {
    Thread thread = new Thread(null, this::run, THREAD, 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    thread.start();
  }

  private void run() {
    try {
      store.open(nanoTime.getAsLong());
      boolean over = false;
      while (!over) {
        long due = stepAll();
        over = isOver();
        if (over) {
          store.close(); // Before the JVM goes on to end.
        }
        letGo();
        if (!over) {
          sleep(due);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Throwable e) {
      faults.accept(e);
    } finally {
      synchronized (this) {
        running = false;
      }
    }
  }

  private void letGo() {
    all().forEach(Lane::letGo);
  }

  private synchronized List<Lane> all() {
    return new ArrayList<>(lanes.values());
  }

  /** Whether every lane is closed; then nothing is taken any more. */
  private synchronized boolean isOver() {
    ended = !lanes.isEmpty() && lanes.values().stream().allMatch(Lane::isClosed);
    return ended;
  }

  private long stepAll() {
    List<Lane> all = all();
    long now = nanoTime.getAsLong();
    long due = Long.MAX_VALUE;
    boolean delivered = false;
    for (Lane lane : all) {
      try {
        due = Math.min(due, lane.step(now));
        delivered |= lane.takeDelivered();
      } catch (Throwable e) {
        faults.accept(e);
        due = Math.min(due, FAULT_PAUSE);
      }
    }
    if (delivered) {
      for (Lane lane : all) {
        if (lane.isWaiting(now)) {
          lane.hurry(now);
          due = 0;
        }
      }
    }
    return due;
  }

  private synchronized void sleep(long nanos) throws InterruptedException {
    if (!woken && nanos > 0) {
      // Rounded up, or the last fraction would be spent awake.
      wait(nanos == Long.MAX_VALUE ? 0 : TimeUnit.NANOSECONDS.toMillis(nanos) + 1);
    }
    woken = false;
  }
}
