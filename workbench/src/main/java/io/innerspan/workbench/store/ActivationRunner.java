package io.innerspan.workbench.store;

import io.innerspan.workbench.model.ActivationSession;
import java.io.IOException;
import java.util.List;

/**
 * A model that gives activations, of whatever engine. Threads run batches at once; the same batch
 * gives the same bits.
 */
public interface ActivationRunner extends AutoCloseable {
  /** The widths by hook point. */
  int[] widths();

  /** Which of some inputs, by their indices, are run together, in the order of running. */
  List<List<Integer>> batches(List<StoreItem> items);

  /** Runs one batch in the caller's thread. */
  void run(List<StoreItem> batch, ActivationSession.Sink sink) throws IOException;

  @Override
  void close();
}
