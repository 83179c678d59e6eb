package io.innerspan.testing.models;

import static io.innerspan.testing.models.Attributes.integer;
import static io.innerspan.testing.models.Attributes.number;

import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.testing.models.ModelInput.Role;
import io.innerspan.testing.models.Traits.Family;
import io.innerspan.testing.models.Traits.OrtVersion;
import java.util.ArrayList;
import java.util.List;

/**
 * An encoder as ONNX Runtime's transformer optimiser leaves it: EmbedLayerNormalization, Attention
 * or MultiHeadAttention, SkipLayerNormalization and a fused GELU.
 */
final class FusedEncoder {
  private static final int LAYERS = 2;
  private static final int WIDTH = Blocks.WIDTH;

  private final GraphWriter graph = new GraphWriter("fused", 17, DataType.FLOAT, 71, "");
  private final String gelu;
  private final String attention;
  private final boolean classifier;

  private FusedEncoder(String gelu, String attention, boolean classifier) {
    this.gelu = gelu;
    this.attention = attention;
    this.classifier = classifier;
  }

  static List<SmallModel> all() {
    OrtVersion oldest = OrtVersion.V1_12_1;
    return List.of(
        new FusedEncoder("BiasGelu", "Attention", false).model("encoder-fused", oldest),
        new FusedEncoder("FastGelu", "Attention", false).model("encoder-fused-fast-gelu", oldest),
        new FusedEncoder("BiasGelu", "Attention", true).model("encoder-fused-classifier", oldest),
        new FusedEncoder("BiasGelu", "MultiHeadAttention", false)
            .model("encoder-fused-multi-head", OrtVersion.V1_17_3));
  }

  private SmallModel model(String name, OrtVersion minOrt) {
    List<String> dims = List.of("batch", "sequence");
    graph.input(new ModelInput("input_ids", DataType.INT32, dims, Role.TOKENS, Blocks.VOCABULARY));
    graph.input(new ModelInput("token_type_ids", DataType.INT32, dims, Role.ONES, 0));
    graph.input(new ModelInput("attention_mask", DataType.INT32, dims, Role.MASK, 0));
    String stream = embed();
    for (int layer = 0; layer < LAYERS; layer++) {
      stream = layer("blocks." + layer + ".", stream);
    }
    if (classifier) {
      Heads.classifier(graph, new Blocks(graph, Style.POST_NORM), stream);
      int classes = TransformerFixture.CLASSES;
      return graph.model(name, Traits.transformer(Family.ENCODER, LAYERS, classes, minOrt));
    }
    graph.named("last_hidden_state", "Identity", List.of(stream));
    String width = Integer.toString(WIDTH);
    graph.output("last_hidden_state", DataType.FLOAT, "batch", "sequence", width);
    return graph.model(name, Traits.transformer(Family.ENCODER, LAYERS, 0, minOrt));
  }

  private String embed() {
    String output = graph.fresh("EmbedLayerNormalization");
    graph.add(
        output,
        GraphWriter.MICROSOFT,
        "EmbedLayerNormalization",
        List.of(
            "input_ids",
            "token_type_ids",
            graph.weights(1, Blocks.VOCABULARY, WIDTH),
            graph.weights(0.3, Decoders.POSITIONS, WIDTH),
            graph.weights(0.3, 2, WIDTH),
            graph.weights(1, 0.1, WIDTH),
            graph.weights(0.1, WIDTH),
            "attention_mask"),
        List.of(output, graph.fresh("MaskIndex")),
        number("epsilon", 1e-5f));
    return output;
  }

  private String layer(String block, String stream) {
    graph.hook(block + "hook_resid_pre", stream);
    String context = attend(stream);
    String mid = skip(product(context, WIDTH, WIDTH), stream);
    String hidden = product(mid, WIDTH, Blocks.HIDDEN);
    String active = graph.fused(gelu, List.of(hidden, graph.weights(0.1, Blocks.HIDDEN)));
    String post = skip(product(active, Blocks.HIDDEN, WIDTH), mid);
    return graph.hook(block + "hook_normalized_resid_post", post);
  }

  /** The same weights for either operator: three products are one of weights side by side. */
  private String attend(String stream) {
    float[] weights = graph.randoms(0, 0.3, WIDTH, 3 * WIDTH);
    if (attention.equals("Attention")) {
      String packed = graph.floats(weights, WIDTH, 3 * WIDTH);
      return graph.fused(
          attention,
          List.of(stream, packed, graph.weights(0.1, 3 * WIDTH), "attention_mask"),
          integer("num_heads", Blocks.HEADS));
    }
    List<String> inputs = new ArrayList<>();
    for (int part = 0; part < 3; part++) {
      String columns = graph.floats(columns(weights, part), WIDTH, WIDTH);
      inputs.add(graph.node("MatMul", List.of(stream, columns)));
    }
    inputs.add(graph.weights(0.1, 3 * WIDTH));
    inputs.add("attention_mask");
    return graph.fused(attention, inputs, integer("num_heads", Blocks.HEADS));
  }

  /** Queries', keys' or values' weights of {@code [width, 3 * width]}. */
  private static float[] columns(float[] weights, int part) {
    float[] some = new float[WIDTH * WIDTH];
    for (int row = 0; row < WIDTH; row++) {
      System.arraycopy(weights, (row * 3 + part) * WIDTH, some, row * WIDTH, WIDTH);
    }
    return some;
  }

  private String product(String in, int from, int to) {
    return graph.node("MatMul", List.of(in, graph.weights(0.3, from, to)));
  }

  private String skip(String branch, String stream) {
    String scale = graph.weights(1, 0.1, WIDTH);
    String shift = graph.weights(0.1, WIDTH);
    return graph.fused(
        "SkipLayerNormalization",
        List.of(branch, stream, scale, shift, graph.weights(0.1, WIDTH)),
        number("epsilon", 1e-5f));
  }
}
