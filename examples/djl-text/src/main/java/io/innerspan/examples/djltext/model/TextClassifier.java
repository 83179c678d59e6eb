package io.innerspan.examples.djltext.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Embedding;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.Dropout;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.NormalInitializer;
import ai.djl.util.PairList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A small transformer encoder that classifies texts. Inputs: {@code input_ids} and {@code
 * attention_mask}, whole numbers {@code [batch, tokens]}. Output: logits {@code [batch, classes]}.
 */
public final class TextClassifier extends AbstractBlock {
  private static final float MASKED = -10_000;
  private static final float SPREAD = 0.05f;

  private final Size size;
  private final Parameter words;
  private final Parameter positions;
  private final Block norm;
  private final Block dropout;
  private final List<EncoderLayer> layers = new ArrayList<>();
  private final Block head;

  /**
   * A classifier to be initialised.
   *
   * @param dropoutRate while it is trained
   */
  @SuppressWarnings("this-escape") // As every block registers what it has.
  public TextClassifier(Size size, float dropoutRate) {
    this.size = size;
    inputNames = List.of("input_ids", "attention_mask");
    words = addParameter(table("words", size.vocabulary()));
    positions = addParameter(table("positions", size.positions()));
    norm = addChildBlock("norm", EncoderLayer.norm());
    dropout = addChildBlock("dropout", Dropout.builder().optRate(dropoutRate).build());
    for (int i = 0; i < size.layers(); i++) {
      layers.add(addChildBlock("layer", new EncoderLayer(size, dropoutRate)));
    }
    head = addChildBlock("head", Linear.builder().setUnits(size.classes()).build());
  }

  private Parameter table(String name, int rows) {
    return Parameter.builder()
        .setName(name)
        .setType(Parameter.Type.WEIGHT)
        .optShape(new Shape(rows, size.width()))
        .optInitializer(new NormalInitializer(SPREAD))
        .build();
  }

  /** How large it is. */
  public Size size() {
    return size;
  }

  Parameter words() {
    return words;
  }

  Parameter positions() {
    return positions;
  }

  Block norm() {
    return norm;
  }

  List<EncoderLayer> layers() {
    return Collections.unmodifiableList(layers);
  }

  Block head() {
    return head;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      PairList<String, Object> options) {
    return new NDList(run(parameters, inputs, training, new ArrayList<>()));
  }

  /**
   * The output of each layer, {@code [batch, tokens, width]}.
   *
   * @param inputs as of the model
   */
  public List<NDArray> activations(NDList inputs) {
    ParameterStore parameters = new ParameterStore(inputs.get(0).getManager(), false);
    List<NDArray> activations = new ArrayList<>();
    run(parameters, inputs, false, activations);
    return activations;
  }

  private NDArray run(
      ParameterStore parameters, NDList inputs, boolean training, List<NDArray> activations) {
    Call call = new Call(parameters, training);
    NDArray ids = inputs.get(0);
    NDArray real = inputs.get(1).toType(DataType.FLOAT32, false);
    NDArray table = parameters.getValue(words, ids.getDevice(), training);
    NDArray places = parameters.getValue(positions, ids.getDevice(), training);
    NDArray known = Embedding.embedding(ids, table, SparseFormat.DENSE).singletonOrThrow();
    NDArray order = ids.getManager().arange((int) ids.getShape().get(1));
    NDArray placed = Embedding.embedding(order, places, SparseFormat.DENSE).singletonOrThrow();
    NDArray x = call.of(dropout, call.of(norm, known.add(placed)));
    NDArray bias = real.neg().add(1).mul(MASKED).expandDims(1).expandDims(2);
    for (EncoderLayer layer : layers) {
      x = layer.forward(parameters, new NDList(x, bias), training).singletonOrThrow();
      activations.add(x);
    }
    NDArray weights = real.expandDims(2);
    NDArray sum = x.mul(weights).sum(new int[] {1});
    return call.of(head, sum.div(weights.sum(new int[] {1})));
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    Shape token = new Shape(1, size.width());
    norm.initialize(manager, type, token);
    dropout.initialize(manager, type, token);
    for (EncoderLayer layer : layers) {
      layer.initialize(manager, type, token);
    }
    head.initialize(manager, type, token);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return new Shape[] {new Shape(inputs[0].get(0), size.classes())};
  }
}
