package io.innerspan.workbench.learn;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;

/** Does independent work on several processors; what comes out is the same as one after another. */
public final class SideBySide {
  /** Each holds a copy of its rows. */
  private static final int MOST = 4;

  /**
   * Does all of it.
   *
   * @return the results in the order of the work
   * @throws RuntimeException the first fault in that order, as it was thrown
   */
  public static <T> List<T> all(List<Supplier<T>> work) {
    int threads = Math.min(MOST, Runtime.getRuntime().availableProcessors());
    ExecutorService pool = Executors.newFixedThreadPool(threads, SideBySide::daemon);
    try {
      List<Future<T>> futures = new ArrayList<>();
      for (Supplier<T> each : work) {
        futures.add(pool.submit(each::get));
      }
      List<T> results = new ArrayList<>();
      for (Future<T> each : futures) {
        results.add(each.get());
      }
      return results;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException fault) {
        throw fault;
      }
      throw new IllegalStateException("learning failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while learning");
    } finally {
      pool.shutdownNow();
    }
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "learning");
    thread.setDaemon(true);
    return thread;
  }

  private SideBySide() {}
}
