package io.innerspan.testing.models;

import static io.innerspan.testing.models.Attributes.integer;
import static io.innerspan.testing.models.Attributes.number;

import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.testing.models.ModelInput.Role;
import io.innerspan.testing.models.Traits.Family;
import io.innerspan.testing.models.Traits.OrtVersion;
import java.util.List;

/**
 * An encoder as ONNX Runtime's transformer optimiser leaves it: EmbedLayerNormalization, Attention,
 * SkipLayerNormalization and a fused GELU.
 */
final class FusedEncoder {
  private static final int LAYERS = 2;
  private static final int WIDTH = Blocks.WIDTH;

  private final GraphWriter graph = new GraphWriter("fused", 17, DataType.FLOAT, 71, "");
  private final String gelu;

  private FusedEncoder(String gelu) {
    this.gelu = gelu;
  }

  static List<SmallModel> all() {
    return List.of(
        new FusedEncoder("BiasGelu").model("encoder-fused"),
        new FusedEncoder("FastGelu").model("encoder-fused-fast-gelu"));
  }

  private SmallModel model(String name) {
    List<String> dims = List.of("batch", "sequence");
    graph.input(new ModelInput("input_ids", DataType.INT32, dims, Role.TOKENS, Blocks.VOCABULARY));
    graph.input(new ModelInput("token_type_ids", DataType.INT32, dims, Role.ONES, 0));
    graph.input(new ModelInput("attention_mask", DataType.INT32, dims, Role.MASK, 0));
    String stream = embed();
    for (int layer = 0; layer < LAYERS; layer++) {
      stream = layer("blocks." + layer + ".", stream);
    }
    graph.named("last_hidden_state", "Identity", List.of(stream));
    String width = Integer.toString(WIDTH);
    graph.output("last_hidden_state", DataType.FLOAT, "batch", "sequence", width);
    return graph.model(name, Traits.transformer(Family.ENCODER, LAYERS, 0, OrtVersion.V1_12_1));
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
    String weights = graph.weights(0.3, WIDTH, 3 * WIDTH);
    String context =
        graph.fused(
            "Attention",
            List.of(stream, weights, graph.weights(0.1, 3 * WIDTH), "attention_mask"),
            integer("num_heads", Blocks.HEADS));
    String mid = skip(product(context, WIDTH, WIDTH), stream);
    String hidden = product(mid, WIDTH, Blocks.HIDDEN);
    String active = graph.fused(gelu, List.of(hidden, graph.weights(0.1, Blocks.HIDDEN)));
    String post = skip(product(active, Blocks.HIDDEN, WIDTH), mid);
    return graph.hook(block + "hook_normalized_resid_post", post);
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
