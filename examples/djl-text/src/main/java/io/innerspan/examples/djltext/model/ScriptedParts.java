package io.innerspan.examples.djltext.model;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.transformer.ScaledDotProductAttentionBlock;
import io.innerspan.djl.archive.FloatTensor;
import io.innerspan.djl.archive.ModuleObject;

/** Blocks of the classifier as modules of {@link ScriptedCode}'s classes, with their weights. */
final class ScriptedParts {
  static ModuleObject table(String type, Parameter weight) {
    return module(type).with("weight", tensor(weight));
  }

  /** A linear layer or a normalisation: of each the weight comes first, then the bias. */
  static ModuleObject weighted(String type, Block block) {
    return module(type)
        .with("weight", tensor(block.getParameters().valueAt(0)))
        .with("bias", tensor(block.getParameters().valueAt(1)));
  }

  static ModuleObject layer(EncoderLayer layer) {
    ScaledDotProductAttentionBlock attention = layer.attention();
    return module("Layer")
        .with(
            "attention",
            module("Attention")
                .with("query", weighted("Linear", attention.getQueryProjection()))
                .with("key", weighted("Linear", attention.getKeyProjection()))
                .with("value", weighted("Linear", attention.getValueProjection()))
                .with("output", weighted("Linear", attention.getResultProjection())))
        .with("attention_norm", weighted("LayerNorm", layer.attentionNorm()))
        .with("inner", weighted("Linear", layer.inner()))
        .with("outer", weighted("Linear", layer.outer()))
        .with("output_norm", weighted("LayerNorm", layer.outputNorm()));
  }

  static ModuleObject module(String type) {
    return new ModuleObject("__torch__.classifier." + type);
  }

  private static FloatTensor tensor(Parameter parameter) {
    NDArray array = parameter.getArray();
    return new FloatTensor(array.toFloatArray(), array.getShape().getShape());
  }

  private ScriptedParts() {}
}
