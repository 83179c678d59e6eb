package io.innerspan.exporter.siem;

import io.innerspan.semconv.DeliveryDropReason;
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
  private final Drops drops;
  private final BlockingQueue<Finding> queue;
  private final Thread thread;

  // Guarded by this.
  private long pending;
  private boolean closed;
  private final List<CompletableResultCode> flushes = new ArrayList<>();

  /**
   * @param drops where what is never delivered is counted
   */
  Delivery(Target target, int capacity, Pause pause, Drops drops) {
    this.target = target;
    this.pause = pause;
    this.drops = drops;
    this.queue = new ArrayBlockingQueue<>(capacity);
    this.thread = new Thread(this::run, "innerspan-siem");
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Takes a finding, or drops it. Any thread; never waits for the target. */
  synchronized void accept(Finding finding) {
    if (closed) {
      drops.add(DeliveryDropReason.ENDED, 1);
    } else if (queue.offer(finding)) {
      pending++;
    } else if (drops.add(DeliveryDropReason.MEMORY_FULL, 1)) {
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
    long lost;
    synchronized (this) {
      closed = true;
      lost = pending;
      pending = 0;
      unfinished = List.copyOf(flushes);
      flushes.clear();
    }
    if (lost > 0) {
      drops.add(DeliveryDropReason.ENDED, lost);
      LOGGER.warning("Innerspan: the SIEM did not take " + lost + " findings before the end");
    }
    unfinished.forEach(CompletableResultCode::fail);
    thread.interrupt();
  }

  private void run() {
    List<Finding> batch = new ArrayList<>(BATCH);
    try {
      while (true) {
        batch.add(queue.take());
        queue.drainTo(batch, BATCH - 1);
        deliverOrGiveUp(batch);
        finished(batch.size());
        batch.clear();
      }
    } catch (InterruptedException e) {
      // Shut down.
    } finally {
      target.close();
    }
  }

  private void deliverOrGiveUp(List<Finding> batch) throws InterruptedException {
    try {
      deliver(batch);
    } catch (RuntimeException | Error e) { // A fault of ours must not end the thread.
      drops.add(DeliveryDropReason.NOT_ENCODED, batch.size());
      LOGGER.log(Level.WARNING, "Innerspan: findings could not be written for the SIEM", e);
    }
  }

  private void deliver(List<Finding> batch) throws InterruptedException {
    long wait = FIRST_PAUSE_MILLIS;
    List<Finding> left = batch;
    while (true) {
      Target.Receipt receipt = attempt(left, wait == FIRST_PAUSE_MILLIS);
      if (receipt.refused() > 0) {
        refused(receipt.refused());
      }
      left = receipt.later();
      if (left.isEmpty()) {
        return;
      }
      pause.sleep(wait);
      wait = Math.min(2 * wait, LONGEST_PAUSE_MILLIS);
    }
  }

  private Target.Receipt attempt(List<Finding> batch, boolean first) throws InterruptedException {
    try {
      return target.send(batch);
    } catch (IOException e) {
      if (first) {
        LOGGER.log(Level.WARNING, "Innerspan: no answer from the SIEM, findings wait", e);
      }
      return Target.Receipt.later(batch);
    }
  }

  private void refused(int count) {
    if (drops.add(DeliveryDropReason.REFUSED, count)) {
      LOGGER.warning("Innerspan: the SIEM refuses findings: see its address, token and format");
    }
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
