package io.innerspan.workbench.store;

import io.innerspan.workbench.model.ActivationSession;
import io.innerspan.workbench.model.Batches;
import io.innerspan.workbench.model.TokenIds;
import java.io.IOException;
import java.util.List;

/** Runs texts, those of like lengths together. */
interface TextRunner extends ActivationRunner {
  /** Runs one batch of texts in the caller's thread. */
  void runTexts(List<TokenIds> batch, ActivationSession.Sink sink) throws IOException;

  @Override
  default List<List<Integer>> batches(List<StoreItem> items) {
    return Batches.byLength(tokens(items));
  }

  @Override
  default void run(List<StoreItem> batch, ActivationSession.Sink sink) throws IOException {
    runTexts(tokens(batch), sink);
  }

  private static List<TokenIds> tokens(List<StoreItem> items) {
    return items.stream().map(StoreItem::tokens).toList();
  }
}
