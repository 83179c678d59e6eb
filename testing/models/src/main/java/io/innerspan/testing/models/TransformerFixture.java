package io.innerspan.testing.models;

import static io.innerspan.testing.models.Attributes.integer;

import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.testing.models.ModelInput.Role;
import io.innerspan.testing.models.Traits.Family;
import io.innerspan.testing.models.Traits.OrtVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A small transformer encoder: {@code input_ids} and {@code attention_mask} {@code [batch,
 * sequence]} to {@code last_hidden_state} {@code [batch, sequence, width]}, or to the logits of a
 * head.
 *
 * @param style of the layers
 * @param opset the version of the standard operator set
 * @param type the type of weights and activations: FLOAT or FLOAT16, or BFLOAT16 for weights only
 * @param mask the type of the attention mask, or null for a model without one
 * @param layers the number of layers
 * @param head what is made of the hidden states
 * @param naming of tensors
 * @param seed of the weights
 */
public record TransformerFixture(
    Style style,
    long opset,
    DataType type,
    @Nullable DataType mask,
    int layers,
    Head head,
    Naming naming,
    long seed) {
  public static final int VOCABULARY = Blocks.VOCABULARY;
  public static final int WIDTH = Blocks.WIDTH;
  public static final int CLASSES = 3;

  /** What is made of the hidden states. */
  public enum Head {
    /** Nothing: {@code last_hidden_state}. */
    NONE,
    /** {@code logits [batch, classes]} of the first token, through a pooler with tanh. */
    CLASSIFIER,
    /** {@code logits [batch, sequence, vocabulary]}, through a transform with GELU and LN. */
    MASKED_LM
  }

  /** Post-LN, fused normalisations, opset 17, two layers, a mask of 64-bit integers. */
  public static TransformerFixture postNorm() {
    return of(Style.POST_NORM, 20260101);
  }

  /** The pre-LN arrangement, with a final normalisation. */
  public static TransformerFixture preNorm() {
    return of(Style.PRE_NORM, 7);
  }

  private static TransformerFixture of(Style style, long seed) {
    return new TransformerFixture(
        style, 17, DataType.FLOAT, DataType.INT64, 2, Head.NONE, Naming.OPERATORS, seed);
  }

  /** The same with normalisations spelled out, in an operator set that may lack a fused one. */
  public TransformerFixture spelledOut(long opset) {
    return with(style.with(Style.Norm.LAYER_SPELLED_OUT)).withOpset(opset);
  }

  public TransformerFixture withNormFirst(boolean normFirst) {
    return with(new Style(normFirst, style.norm(), style.linear(), style.attention()));
  }

  public TransformerFixture with(Style style) {
    return new TransformerFixture(style, opset, type, mask, layers, head, naming, seed);
  }

  public TransformerFixture withOpset(long opset) {
    return new TransformerFixture(style, opset, type, mask, layers, head, naming, seed);
  }

  public TransformerFixture withType(DataType type) {
    return new TransformerFixture(style, opset, type, mask, layers, head, naming, seed);
  }

  public TransformerFixture withMask(@Nullable DataType mask) {
    return new TransformerFixture(style, opset, type, mask, layers, head, naming, seed);
  }

  public TransformerFixture withLayers(int layers) {
    return new TransformerFixture(style, opset, type, mask, layers, head, naming, seed);
  }

  public TransformerFixture withHead(Head head) {
    return new TransformerFixture(style, opset, type, mask, layers, head, naming, seed);
  }

  public TransformerFixture withNaming(Naming naming) {
    return new TransformerFixture(style, opset, type, mask, layers, head, naming, seed);
  }

  public TransformerFixture withSeed(long seed) {
    return new TransformerFixture(style, opset, type, mask, layers, head, naming, seed);
  }

  public byte[] bytes() {
    return model().toByteArray();
  }

  public ModelProto model() {
    return named("transformer", OrtVersion.V1_12_1).model();
  }

  /** The model under a name, with the oldest version that runs it. */
  SmallModel named(String name, OrtVersion minOrt) {
    GraphWriter graph = new GraphWriter("transformer", opset, type, seed, "", naming);
    List<String> dims = List.of("batch", "sequence");
    graph.input(new ModelInput("input_ids", DataType.INT64, dims, Role.TOKENS, VOCABULARY));
    if (mask != null) {
      graph.input(new ModelInput("attention_mask", mask, dims, Role.MASK, 0));
    }
    int classes = 0;
    switch (head) {
      case NONE -> {
        graph.named("last_hidden_state", "Identity", List.of(write(graph)));
        String width = Integer.toString(WIDTH);
        graph.output("last_hidden_state", graph.type(), "batch", "sequence", width);
      }
      case CLASSIFIER -> {
        Heads.classifier(graph, new Blocks(graph, style), write(graph));
        classes = CLASSES;
      }
      case MASKED_LM -> {
        Heads.maskedLanguageModel(graph, new Blocks(graph, style), write(graph));
        classes = VOCABULARY;
      }
    }
    return graph.model(name, Traits.transformer(Family.ENCODER, layers, classes, minOrt));
  }

  /** Writes the nodes from the inputs to the hidden states, and returns these. */
  String write(GraphWriter graph) {
    Blocks blocks = new Blocks(graph, style);
    String table = graph.weights(1, VOCABULARY, WIDTH);
    String stream = graph.node("Gather", List.of(table, "input_ids"), integer("axis", 0));
    String bias = mask == null ? null : Masks.padding(graph, "attention_mask", mask);
    if (!style.normFirst()) {
      stream = blocks.normalize(stream);
    }
    for (int layer = 0; layer < layers; layer++) {
      stream = blocks.layer("blocks." + layer + ".", stream, bias, null);
    }
    return style.normFirst() ? graph.hook("ln_final", blocks.normalize(stream)) : stream;
  }
}
