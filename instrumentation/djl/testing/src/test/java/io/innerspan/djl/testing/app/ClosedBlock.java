package io.innerspan.djl.testing.app;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractSymbolBlock;
import ai.djl.nn.ParameterList;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.io.DataInputStream;
import java.io.DataOutputStream;

/** As the block of an engine that cannot be looked into: the tokens' sum. */
final class ClosedBlock extends AbstractSymbolBlock {
  @Override
  protected NDList forwardInternal(
      ParameterStore parameters, NDList inputs, boolean training, PairList<String, Object> more) {
    return new NDList(inputs.head().sum(new int[] {1}));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return new Shape[] {new Shape(inputs[0].get(0), inputs[0].get(2))};
  }

  @Override
  public ParameterList getDirectParameters() {
    return new ParameterList();
  }

  @Override
  public PairList<String, Shape> describeInput() {
    return new PairList<>();
  }

  @Override
  public void saveParameters(DataOutputStream out) {}

  @Override
  public void loadParameters(NDManager manager, DataInputStream in) {}
}
