package io.innerspan.extension.saliency;

import io.opentelemetry.javaagent.innerspan.bridge.NativeWork;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One daemon thread of low priority with a bounded queue, begun when there is work and ended after
 * it. When memory runs out it ends for good.
 *
 * <p>Not a {@code ThreadPoolExecutor}: classes of {@code java.util.concurrent} that are loaded
 * before the agent installs its transformers would have to be retransformed.
 */
final class SaliencyThread {
  static final String NAME = "innerspan-saliency";
  private static final int LONGEST_QUEUE = 8;

  /** Work, all of which ends in one of two ways. */
  interface Work {
    /** Does it; an {@link OutOfMemoryError} stops all. */
    void run();

    /** It will not be done, because memory ran out. */
    void stopped();
  }

  private final Queue<Work> queue = new ArrayDeque<>();
  private final Consumer<Throwable> faults;
  private boolean running;
  private volatile boolean stopped;

  /**
   * @param faults told of what work throws
   */
  SaliencyThread(Consumer<Throwable> faults) {
    this.faults = faults;
  }

  /** Whether memory ran out. */
  boolean isStopped() {
    return stopped;
  }

  /**
   * Takes work.
   *
   * @return false when there is too much of it already, or no more is done
   */
  synchronized boolean execute(Work work) {
    if (stopped || queue.size() >= LONGEST_QUEUE) {
      return false;
    }
    if (!running) {
      start();
      running = true; // After it: a thread that could not be started leaves the work to the next.
    }
    queue.add(work);
    return true;
  }

  @SuppressWarnings("ThreadPriorityCheck") // The application's threads go first.
  private void start() {
    Thread thread = new Thread(null, this::drain, NAME, 0, false);
    thread.setDaemon(true);
    thread.setPriority(Thread.MIN_PRIORITY);
    thread.setContextClassLoader(null);
    thread.start();
  }

  private void drain() {
    for (Work work = next(); work != null && NativeWork.begin(); work = next()) {
      try {
        work.run();
      } catch (OutOfMemoryError e) {
        stop(work, e);
      } catch (Throwable e) {
        faults.accept(e);
      } finally {
        NativeWork.end();
      }
    }
  }

  private synchronized @Nullable Work next() {
    Work work = queue.poll();
    running = work != null;
    return work;
  }

  private void stop(Work failed, OutOfMemoryError error) {
    stopped = true; // First: what follows takes memory.
    faults.accept(error);
    for (Work work = failed; work != null; work = next()) {
      work.stopped();
    }
  }
}
