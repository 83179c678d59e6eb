package io.innerspan.workbench.store;

import io.innerspan.workbench.model.Workers;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A model that is opened while its first inputs are read. */
final class Opening implements AutoCloseable {
  private final ExecutorService thread = Workers.of(1, "open");
  private final Future<?> future;
  private volatile @Nullable ActivationRunner runner;

  Opening(StoreInput input) {
    future =
        thread.submit(
            () -> {
              runner = input.runner();
              return null;
            });
  }

  boolean isDone() {
    return future.isDone();
  }

  /** The model, once it is open. */
  ActivationRunner await() throws IOException {
    BatchPool.await(future);
    ActivationRunner opened = runner;
    if (opened == null) {
      throw new IllegalStateException("opened nothing");
    }
    return opened;
  }

  @Override
  public void close() {
    Workers.end(thread);
    ActivationRunner opened = runner;
    if (opened != null) {
      opened.close();
    }
  }
}
