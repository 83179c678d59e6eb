package io.innerspan.djl.saliency;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;

/** A model that can be run with gradients, for one thread at a time. */
interface Network extends AutoCloseable {
  /** Whose arrays it takes. */
  NDManager manager();

  /** The gradients of its engine. */
  Autograd autograd();

  /** Runs the model. */
  NDList run(NDList inputs);

  @Override
  void close();
}
