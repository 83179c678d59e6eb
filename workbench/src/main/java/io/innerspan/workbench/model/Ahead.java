package io.innerspan.workbench.model;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/**
 * Runs batches in several threads, and hands over what comes of them in their order, in the
 * caller's thread. Each batch is computed by one thread, so that it gives the same bits as alone.
 */
final class Ahead {
  private static final int MOST_THREADS = 4;
  private static final int THREADS =
      Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());

  /** Computes a batch. */
  @FunctionalInterface
  interface Work<T> {
    T of(int batch) throws OrtException;
  }

  /** Takes what came of a batch. */
  @FunctionalInterface
  interface Sink<T> {
    void take(int batch, T result) throws IOException;
  }

  /**
   * Runs all batches.
   *
   * @param count how many
   * @param ahead how many may be computed or waiting at once, at least 1; all of them are in memory
   */
  static <T> void run(int count, int ahead, Work<T> work, Sink<T> sink)
      throws OrtException, IOException {
    int threads = Math.min(Math.min(THREADS, ahead), count);
    if (threads < 2) {
      for (int batch = 0; batch < count; batch++) {
        sink.take(batch, work.of(batch));
      }
      return;
    }
    ExecutorService pool = Workers.of(threads, "batch");
    try {
      Deque<Future<T>> under = new ArrayDeque<>();
      int next = 0;
      for (int batch = 0; batch < count; batch++) {
        for (; next < count && under.size() < Math.min(ahead, threads + 1); next++) {
          int number = next;
          under.addLast(pool.submit(() -> work.of(number)));
        }
        sink.take(batch, result(under.removeFirst()));
      }
    } finally {
      Workers.end(pool);
    }
  }

  private static <T> T result(Future<T> future) throws OrtException {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a model ran", e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof OrtException failure) {
        throw failure;
      }
      if (e.getCause() instanceof RuntimeException fault) {
        throw fault;
      }
      throw new IllegalStateException("a model failed", e.getCause());
    }
  }

  private Ahead() {}
}
