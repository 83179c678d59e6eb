package io.innerspan.extension;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * One daemon thread of low priority, begun when there is work and ended after it.
 *
 * <p>Not a {@code ThreadPoolExecutor}, for the reason that {@link Lazy} gives.
 */
final class BackgroundThread implements Executor {
  private static final Logger LOGGER = Logger.getLogger(BackgroundThread.class.getName());

  private final Queue<Runnable> queue = new ArrayDeque<>();
  private boolean running;

  @Override
  public synchronized void execute(Runnable work) {
    queue.add(work);
    if (!running) {
      start();
      running = true; // After it: a thread that could not be started leaves the work to the next.
    }
  }

  @SuppressWarnings("ThreadPriorityCheck") // The application's threads go first.
  private void start() {
    Thread thread = new Thread(null, this::drain, "innerspan-background", 0, false);
    thread.setDaemon(true);
    thread.setPriority(Thread.MIN_PRIORITY);
    thread.setContextClassLoader(null);
    thread.start();
  }

  private void drain() {
    for (Runnable work = next(); work != null; work = next()) {
      try {
        work.run();
      } catch (Throwable e) {
        LOGGER.log(Level.WARNING, "Innerspan: work in the background failed", e);
      }
    }
  }

  private synchronized @Nullable Runnable next() {
    Runnable work = queue.poll();
    running = work != null;
    return work;
  }
}
