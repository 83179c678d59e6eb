package io.innerspan.djl.saliency;

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
import ai.djl.training.initializer.NormalInitializer;
import ai.djl.util.PairList;

/** A classifier of token ids, {@code [n, tokens]}, that is defined in Java. */
final class TokenClassifier extends AbstractBlock {
  static final int VOCABULARY = 20;

  private static final int WIDTH = 8;
  private static final int POSITIONS = 30;
  private static final int CLASSES = 3;

  private final Ids use;
  private final Parameter positions;
  private final Parameter words;
  private final Block layer;
  private final Block head;

  /** What the ids, or the table of words, are used for. */
  enum Ids {
    LOOKED_UP,
    /** The id 0 is padding, which the model tells by itself. */
    COMPARED,
    /** The table makes the logits too. */
    TIED
  }

  private TokenClassifier(Ids use) {
    this.use = use;
    positions = addParameter(table("positions", POSITIONS));
    words = addParameter(table("words", VOCABULARY));
    layer = addChildBlock("layer", new TransformerEncoderBlock(WIDTH, 2, 16, 0f, Activation::gelu));
    head = addChildBlock("head", Linear.builder().setUnits(CLASSES).build());
  }

  private static Parameter table(String name, int rows) {
    return Parameter.builder()
        .setName(name)
        .setType(Parameter.Type.WEIGHT)
        .optShape(new Shape(rows, WIDTH))
        .build();
  }

  static Block of(NDManager manager, Ids use) {
    Block block = new TokenClassifier(use);
    block.setInitializer(new NormalInitializer(0.5f), Parameter.Type.WEIGHT);
    manager.getEngine().setRandomSeed(7);
    block.initialize(manager, DataType.FLOAT32, new Shape(1, 1));
    return block;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      PairList<String, Object> options) {
    NDArray ids = inputs.get(0);
    NDArray order = ids.getManager().arange((int) ids.getShape().get(1));
    NDArray places = parameters.getValue(positions, ids.getDevice(), training);
    NDArray table = parameters.getValue(words, ids.getDevice(), training);
    NDArray x = lookup(ids, table).add(lookup(order, places));
    if (use == Ids.COMPARED) {
      x = x.mul(ids.neq(0).toType(DataType.FLOAT32, false).expandDims(2));
    }
    x = layer.forward(parameters, new NDList(x), training).head().mean(new int[] {1});
    return use == Ids.TIED
        ? new NDList(x.matMul(table.transpose()))
        : head.forward(parameters, new NDList(x), training);
  }

  private static NDArray lookup(NDArray ids, NDArray table) {
    return Embedding.embedding(ids, table, SparseFormat.DENSE).singletonOrThrow();
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    layer.initialize(manager, type, new Shape(1, 1, WIDTH));
    head.initialize(manager, type, new Shape(1, WIDTH));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return new Shape[] {new Shape(inputs[0].get(0), CLASSES)};
  }
}
