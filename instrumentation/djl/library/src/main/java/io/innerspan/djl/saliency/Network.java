package io.innerspan.djl.saliency;

import ai.djl.ndarray.NDArray;
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

  /**
   * What the model's embedding makes of the token ids among some inputs.
   *
   * @return {@code [rows, tokens, width]}
   * @throws SaliencyRefusedException when the model is not known to have one
   */
  NDArray embedding(RowInputs inputs, NDManager manager) throws SaliencyRefusedException;

  /**
   * Runs the model from behind its embedding.
   *
   * @param inputs as many equal rows as there are in the embedding's place
   * @param embedded in the place of what the embedding gives, {@code [rows, tokens, width]}
   */
  NDList run(NDList inputs, NDArray embedded);

  @Override
  void close();
}
