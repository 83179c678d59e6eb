package io.innerspan.onnxruntime.session;

import io.opentelemetry.javaagent.innerspan.bridge.ModelObserver;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * Work that another thread may do before its result is needed. Where that thread has not come to it
 * by then, whoever needs the result does the work: it is never waited for behind other work.
 */
final class HeadStart<T> {
  private final FutureTask<T> task;

  private HeadStart(Callable<T> work) {
    task = new FutureTask<>(work);
  }

  /**
   * Hands work over; never throws.
   *
   * @param observer told when the executor fails
   */
  static <T> HeadStart<T> of(Callable<T> work, Executor executor, ModelObserver observer) {
    HeadStart<T> begun = new HeadStart<>(work);
    try {
      executor.execute(begun.task);
    } catch (Throwable fault) { // Such as a thread that could not be started.
      Faults.report(observer, "open", fault);
    }
    return begun;
  }

  /**
   * The work's result. When this returns or throws nobody does the work any more. An interrupt is
   * kept for the caller, and ends neither the waiting nor the work.
   *
   * @throws IOException what the work threw
   */
  T result() throws IOException {
    boolean interrupted = Thread.interrupted(); // It would close the files of the work.
    try {
      task.run(); // Does nothing when the work was begun.
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      throw rethrown(e.getCause());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static IOException rethrown(@Nullable Throwable cause) {
    if (cause instanceof IOException failure) {
      return failure;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    throw cause instanceof RuntimeException failure ? failure : new IllegalStateException(cause);
  }
}
