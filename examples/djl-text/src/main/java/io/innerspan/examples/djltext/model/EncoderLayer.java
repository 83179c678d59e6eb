package io.innerspan.examples.djltext.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.nn.transformer.ScaledDotProductAttentionBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;

/**
 * A transformer's layer that normalises after each of its halves, as BERT's do. Inputs: activations
 * {@code [batch, tokens, width]} and what is added to attention scores, {@code [batch, 1, 1,
 * tokens]}.
 */
final class EncoderLayer extends AbstractBlock {
  private final int width;
  private final ScaledDotProductAttentionBlock attention;
  private final Block attentionNorm;
  private final Block inner;
  private final Block outer;
  private final Block dropout;
  private final Block outputNorm;

  EncoderLayer(Size size, float dropoutRate) {
    width = size.width();
    attention =
        addChildBlock(
            "attention",
            ScaledDotProductAttentionBlock.builder()
                .setEmbeddingSize(width)
                .setHeadCount(size.heads())
                .optAttentionProbsDropoutProb(0)
                .build());
    attentionNorm = addChildBlock("attentionNorm", norm());
    inner = addChildBlock("inner", Linear.builder().setUnits(size.hidden()).build());
    outer = addChildBlock("outer", Linear.builder().setUnits(width).build());
    dropout = addChildBlock("dropout", Dropout.builder().optRate(dropoutRate).build());
    outputNorm = addChildBlock("outputNorm", norm());
  }

  static LayerNorm norm() {
    return LayerNorm.builder().axis(1).build();
  }

  ScaledDotProductAttentionBlock attention() {
    return attention;
  }

  Block attentionNorm() {
    return attentionNorm;
  }

  Block inner() {
    return inner;
  }

  Block outer() {
    return outer;
  }

  Block outputNorm() {
    return outputNorm;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore parameters,
      NDList inputs,
      boolean training,
      PairList<String, Object> options) {
    Call call = new Call(parameters, training);
    NDArray x = inputs.get(0);
    NDArray attended = attention.forward(parameters, inputs, training).get(0);
    NDArray middle = call.of(attentionNorm, x.add(call.of(dropout, attended)));
    NDArray hidden = Activation.gelu(call.of(inner, middle));
    NDArray output = call.of(dropout, call.of(outer, hidden));
    return new NDList(call.of(outputNorm, middle.add(output)));
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType type, Shape... inputs) {
    Shape token = new Shape(1, width);
    attention.initialize(manager, type, new Shape(1, 1, width));
    attentionNorm.initialize(manager, type, token);
    inner.initialize(manager, type, token);
    outer.initialize(manager, type, inner.getOutputShapes(new Shape[] {token}));
    dropout.initialize(manager, type, token);
    outputNorm.initialize(manager, type, token);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    return new Shape[] {inputs[0]};
  }
}
