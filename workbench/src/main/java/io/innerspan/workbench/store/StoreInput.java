package io.innerspan.workbench.store;

import java.io.IOException;

/** What a store is made of: inputs, and a model to run them. */
public interface StoreInput {
  /** Opens the inputs at the first one. */
  ItemSource items() throws IOException;

  /** Opens the model. */
  ActivationRunner runner() throws IOException;
}
