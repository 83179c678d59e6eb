package io.innerspan.workbench.store;

import io.innerspan.workbench.model.Workers;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** The threads that run batches, of all windows in one queue. */
final class BatchPool implements AutoCloseable {
  private static final int MOST_THREADS = 8;

  private final ExecutorService threads =
      Workers.of(Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors()), "batch");
  private volatile boolean stopped;

  /** What runs a batch. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException;
  }

  /** Begins a batch once a thread is free. */
  Future<?> start(Work work) {
    return threads.submit(
        () -> {
          if (!stopped) {
            work.run();
          }
          return null;
        });
  }

  /** Waits for a batch. */
  static void await(Future<?> batch) throws IOException {
    try {
      batch.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while a model ran");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      if (e.getCause() instanceof RuntimeException fault) {
        throw fault;
      }
      throw new IllegalStateException("a model failed", e.getCause());
    }
  }

  /** Waits for what is under way; what has not begun never will. */
  @Override
  public void close() {
    stopped = true;
    Workers.end(threads);
  }
}
