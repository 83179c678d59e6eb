package io.innerspan.djl.testing.app;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;

/** The sum of tokens, for which memory runs out in all threads but the first that runs it. */
final class GreedyBlock extends AbstractBlock {
  private final Thread first = Thread.currentThread();

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters, NDList inputs, boolean training, PairList<String, Object> more) {
    if (Thread.currentThread() != first) {
      throw new OutOfMemoryError("injected by the test");
    }
    return new NDList(inputs.head().sum(new int[] {1}));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return new Shape[] {new Shape(inputs[0].get(0), inputs[0].get(2))};
  }
}
