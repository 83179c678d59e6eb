package io.innerspan.djl.testing.app;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Embedding;
import ai.djl.nn.core.Linear;
import ai.djl.nn.transformer.TransformerEncoderBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;

/** A classifier of token ids and a mask that is made of DJL's own transformer blocks. */
final class TransformerBlock extends AbstractBlock {
  private static final int VOCABULARY = 40;
  private static final int WIDTH = 8;
  private static final int CLASSES = 3;

  private final Parameter words;
  private final Block first;
  private final Block second;
  private final Block head;

  private TransformerBlock() {
    words =
        addParameter(
            Parameter.builder()
                .setName("words")
                .setType(Parameter.Type.WEIGHT)
                .optShape(new Shape(VOCABULARY, WIDTH))
                .build());
    first = addChildBlock("first", layer());
    second = addChildBlock("second", layer());
    head = addChildBlock("head", Linear.builder().setUnits(CLASSES).build());
  }

  private static Block layer() {
    return new TransformerEncoderBlock(WIDTH, 2, 2 * WIDTH, 0f, Activation::gelu);
  }

  /** With the same weights wherever it is made. */
  static Block of(NDManager manager) {
    Block block = new TransformerBlock();
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 1), new Shape(1, 1));
    int seed = 0;
    for (Parameter parameter : block.getParameters().values()) {
      if (parameter.getType() != Parameter.Type.WEIGHT) {
        continue; // Such as a variance, which is positive.
      }
      NDArray array = parameter.getArray();
      float[] values = new float[(int) array.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) Math.sin(seed++) / 2;
      }
      array.set(values);
    }
    return block;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters, NDList inputs, boolean training, PairList<String, Object> more) {
    NDArray ids = inputs.get(0);
    NDArray real = inputs.get(1).toType(DataType.FLOAT32, false).expandDims(2);
    NDArray table = parameters.getValue(words, ids.getDevice(), training);
    NDArray x = Embedding.embedding(ids, table, SparseFormat.DENSE).singletonOrThrow().mul(real);
    x = first.forward(parameters, new NDList(x), training).head().mul(real);
    x = second.forward(parameters, new NDList(x), training).head().mul(real);
    NDArray pooled = x.sum(new int[] {1}).div(real.sum(new int[] {1}));
    return head.forward(parameters, new NDList(pooled), training);
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    Shape tokens = new Shape(1, 1, WIDTH);
    first.initialize(manager, type, tokens);
    second.initialize(manager, type, tokens);
    head.initialize(manager, type, new Shape(1, WIDTH));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return new Shape[] {new Shape(inputs[0].get(0), CLASSES)};
  }
}
