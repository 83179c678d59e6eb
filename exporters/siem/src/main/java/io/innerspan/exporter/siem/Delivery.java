package io.innerspan.exporter.siem;

import io.opentelemetry.sdk.common.CompletableResultCode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Brings findings to a target, from a thread of its own and in their order.
 *
 * <p>Whoever hands a finding over never waits: what does not fit into the queue is dropped and
 * counted. A batch that the target does not take now is sent again, with pauses that double from
 * one second to a minute, until the exporter is shut down; one that it refuses is given up.
 */
final class Delivery {
  /** Waits between two attempts. */
  @FunctionalInterface
  interface Pause {
    void sleep(long millis) throws InterruptedException;
  }

  private static final Logger LOGGER = Logger.getLogger(Delivery.class.getName());
  private static final int BATCH = 100;
  private static final long FIRST_PAUSE_MILLIS = 1_000;
  private static final long LONGEST_PAUSE_MILLIS = 60_000;

  private final Target target;
  private final Pause pause;
  private final BlockingQueue<Finding> queue;
  private final Thread thread;

  // Guarded by this.
  private long pending;
  private long dropped;
  private long refused;
  private boolean closed;
  private final List<CompletableResultCode> flushes = new ArrayList<>();

  Delivery(Target target, int capacity, Pause pause) {
    this.target = target;
    this.pause = pause;
    this.queue = new ArrayBlockingQueue<>(capacity);
    this.thread = new Thread(this::run, "innerspan-siem");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Takes a finding, or drops it. Any thread; never waits for the target. */
  synchronized void accept(Finding finding) {
    if (!closed && queue.offer(finding)) {
      pending++;
    } else if (dropped++ == 0) {
      LOGGER.warning("Innerspan: the SIEM does not keep up: findings are dropped");
    }
  }

  /** Succeeds once everything that was accepted is delivered or given up. */
  synchronized CompletableResultCode flush() {
    if (pending == 0) {
      return CompletableResultCode.ofSuccess();
    }
    CompletableResultCode flush = new CompletableResultCode();
    flushes.add(flush);
    return flush;
  }

  /** Stops; what is not delivered is dropped. */
  void close() {
    List<CompletableResultCode> unfinished;
    synchronized (this) {
      closed = true;
      dropped += pending;
      pending = 0;
      unfinished = List.copyOf(flushes);
      flushes.clear();
    }
    unfinished.forEach(CompletableResultCode::fail);
    thread.interrupt();
  }

  synchronized long dropped() {
    return dropped;
  }

  synchronized long refused() {
    return refused;
  }

  private void run() {
    List<Finding> batch = new ArrayList<>(BATCH);
    try {
      while (true) {
        batch.add(queue.take());
        queue.drainTo(batch, BATCH - 1);
        deliver(batch);
        finished(batch.size());
        batch.clear();
      }
    } catch (InterruptedException e) {
      // Shut down.
    } finally {
      target.close();
    }
  }

  private void deliver(List<Finding> batch) throws InterruptedException {
    long wait = FIRST_PAUSE_MILLIS;
    while (true) {
      switch (attempt(batch, wait == FIRST_PAUSE_MILLIS)) {
        case TAKEN:
          return;
        case REFUSED:
          refused(batch.size());
          return;
        case LATER:
          pause.sleep(wait);
          wait = Math.min(2 * wait, LONGEST_PAUSE_MILLIS);
      }
    }
  }

  private Target.Outcome attempt(List<Finding> batch, boolean first) throws InterruptedException {
    try {
      return target.send(batch);
    } catch (IOException e) {
      if (first) {
        LOGGER.log(Level.WARNING, "Innerspan: no answer from the SIEM, findings wait", e);
      }
      return Target.Outcome.LATER;
    } catch (RuntimeException e) { // A fault of ours must not end the thread.
      LOGGER.log(Level.WARNING, "Innerspan: findings could not be written for the SIEM", e);
      return Target.Outcome.REFUSED;
    }
  }

  private synchronized void refused(int count) {
    if (refused == 0) {
      LOGGER.warning("Innerspan: the SIEM refuses findings: see its address, token and format");
    }
    refused += count;
  }

  private void finished(int count) {
    List<CompletableResultCode> done = List.of();
    synchronized (this) {
      pending = Math.max(0, pending - count);
      if (pending == 0) {
        done = List.copyOf(flushes);
        flushes.clear();
      }
    }
    done.forEach(CompletableResultCode::succeed);
  }
}
