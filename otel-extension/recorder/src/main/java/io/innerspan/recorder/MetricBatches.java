package io.innerspan.recorder;

import io.innerspan.recorder.ReadingRecorder.Pending;
import io.innerspan.semconv.FaultPlace;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Puts readings into histograms in batches, signal by signal, on a thread of its own: what an
 * application's thread pays is one place in a queue, however many signals there are.
 *
 * <p>Assumes that {@link #drain} is called whenever metrics are collected. Then every reading that
 * was added before a collection is in it, exactly once. {@link #add} is lock-free and never waits;
 * when more than {@value #FULL} values are waiting, it does the work itself, so that memory is
 * bounded and nothing is lost.
 */
final class MetricBatches {
  /** As many values wake the thread early. */
  static final int ENOUGH = 1 << 14;

  /** No more values than about these wait: 1 MiB. */
  static final int FULL = 1 << 18;

  private static final int BATCH = 64;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final HealthCounters health;
  private final Queue<Pending> queue = new ConcurrentLinkedQueue<>();
  private final AtomicLong values = new AtomicLong();
  private final LongAdder recorded = new LongAdder();
  private volatile @Nullable Thread thread;

  MetricBatches(HealthCounters health) {
    this.health = health;
  }

  /** Begins the thread, once. Called by a thread of ours: a new one inherits from its maker. */
  synchronized void start() {
    if (thread == null) {
      Thread made = new Thread(null, this::work, "innerspan-metrics", 0, false);
      made.setDaemon(true);
      made.setContextClassLoader(null);
      thread = made;
      made.start();
    }
  }

  /** Ends the thread; what it has not recorded by then waits for the next collection. */
  synchronized void stop() {
    Thread ended = thread;
    thread = null;
    if (ended != null) {
      LockSupport.unpark(ended);
    }
  }

  /** Takes a reading that is complete and will not change. */
  void add(Pending pending) {
    int size = pending.size();
    long before = values.getAndAdd(size);
    if (before >= FULL) {
      values.addAndGet(-size);
      record(List.of(pending));
      return;
    }
    queue.add(pending);
    boolean first = before == 0;
    boolean enough = before < ENOUGH && before + size >= ENOUGH;
    if (first || enough) {
      LockSupport.unpark(thread);
    }
  }

  /** Puts everything into the histograms that was added before this call. */
  synchronized void drain() {
    long left = values.get();
    List<Pending> batch = new ArrayList<>(BATCH);
    while (left > 0) {
      Pending next = queue.poll();
      if (next == null) {
        break;
      }
      left -= next.size();
      batch.add(next);
      if (batch.size() == BATCH) {
        recordAll(batch);
        batch.clear();
      }
    }
    recordAll(batch);
  }

  private synchronized void drainUnlessStopped() {
    if (thread == Thread.currentThread()) {
      drain();
    }
  }

  /** How many readings are in the histograms. */
  long recorded() {
    return recorded.sum();
  }

  private void recordAll(List<Pending> batch) {
    Map<ReadingRecorder, List<Pending>> byRecorder = new IdentityHashMap<>();
    long size = 0;
    for (Pending pending : batch) {
      byRecorder.computeIfAbsent(pending.recorder(), key -> new ArrayList<>()).add(pending);
      size += pending.size();
    }
    byRecorder.values().forEach(this::record);
    values.addAndGet(-size);
  }

  /** Readings of one recorder. */
  private void record(List<Pending> readings) {
    try {
      readings.get(0).recorder().measure(readings);
      recorded.add(readings.size());
    } catch (Throwable fault) {
      health.fault(FaultPlace.RECORD.value(), fault);
    }
  }

  private void work() {
    while (thread == Thread.currentThread()) {
      if (values.get() == 0) {
        LockSupport.park(this);
      } else {
        if (values.get() < ENOUGH) {
          LockSupport.parkNanos(this, PATIENCE_NANOS);
        }
        drainUnlessStopped();
      }
    }
  }
}
