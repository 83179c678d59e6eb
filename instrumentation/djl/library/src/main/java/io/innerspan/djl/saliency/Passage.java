package io.innerspan.djl.saliency;

import java.util.concurrent.CancellationException;
import java.util.function.Supplier;

/**
 * Keeps a model from being closed while it runs: whoever closes it waits for one run at most, and
 * none begins afterwards.
 */
final class Passage {
  private boolean closed;

  /**
   * Runs the model.
   *
   * @throws CancellationException when it is closed
   */
  synchronized <T> T pass(Supplier<T> run) {
    if (closed) {
      throw new CancellationException("the model was closed");
    }
    return run.get();
  }

  /** Closes the model, once. */
  synchronized void close(Runnable close) {
    if (!closed) {
      closed = true;
      close.run();
    }
  }
}
