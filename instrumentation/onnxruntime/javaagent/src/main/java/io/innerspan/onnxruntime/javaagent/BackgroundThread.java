package io.innerspan.onnxruntime.javaagent;

import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * One daemon thread, begun when there is work and ended soon after, so that it keeps neither the
 * JVM nor the application's class loader alive.
 *
 * <p>Services open their models one after the other when they start. What is dear and not urgent
 * waits until none was opened for a moment, so that it does not take processors from the next.
 */
final class BackgroundThread implements Executor {
  private static final long IDLE_SECONDS = 2;

  private final ScheduledThreadPoolExecutor executor;
  private final long quietNanos;
  private int opening;
  private long lastOpened;

  /**
   * @param quietNanos how long no model must have been opened before work that waits for it begins
   */
  BackgroundThread(long quietNanos) {
    this.quietNanos = quietNanos;
    lastOpened = System.nanoTime() - quietNanos;
    executor = new ScheduledThreadPoolExecutor(1, this::thread);
    executor.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
  }

  private Thread thread(Runnable work) {
    Thread thread = new Thread(null, work, "innerspan-background", 0, false);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    return thread;
  }

  /** Begins the work as soon as the thread has nothing else to do. */
  @Override
  public void execute(Runnable work) {
    executor.execute(work);
  }

  /**
   * Begins the work when no model is being opened, nor was a moment ago. What is cancelled
   * meanwhile is forgotten.
   */
  void whenQuiet(Runnable work) {
    executor.schedule(() -> begin(work), quietNanos, TimeUnit.NANOSECONDS);
  }

  private void begin(Runnable work) {
    if (work instanceof Future<?> task && task.isDone()) {
      return;
    }
    long wait = untilQuiet();
    if (wait > 0) {
      executor.schedule(() -> begin(work), wait, TimeUnit.NANOSECONDS);
    } else {
      work.run();
    }
  }

  private synchronized long untilQuiet() {
    return opening > 0 ? quietNanos : lastOpened + quietNanos - System.nanoTime();
  }

  /** How much waits to begin. */
  int waiting() {
    return executor.getQueue().size();
  }

  /** A model begins to be opened. */
  synchronized void opening() {
    opening++;
  }

  /** What was said to begin has ended, whether the model was opened or not. */
  synchronized void opened() {
    opening--;
    lastOpened = System.nanoTime();
  }
}
