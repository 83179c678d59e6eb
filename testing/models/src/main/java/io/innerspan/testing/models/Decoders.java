package io.innerspan.testing.models;

import static io.innerspan.testing.models.Attributes.integer;
import static io.innerspan.testing.models.Attributes.integers;

import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.testing.models.ModelInput.Role;
import io.innerspan.testing.models.Traits.Family;
import io.innerspan.testing.models.Traits.OrtVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Decoders as GPT-2: pre-LN, learned positions, the embedding table as unembedding. */
final class Decoders {
  static final int LAYERS = 2;
  static final int POSITIONS = 64;
  private static final String HEADS = Integer.toString(Blocks.HEADS);

  private Decoders() {}

  static List<SmallModel> all() {
    Style spelledOut = Style.PRE_NORM.with(Style.Norm.LAYER_SPELLED_OUT);
    return List.of(
        decoder("decoder", Style.PRE_NORM, 17, false),
        decoder("decoder-decomposed", spelledOut, 14, false),
        decoder("decoder-with-cache", Style.PRE_NORM, 17, true),
        decoder("decoder-with-cache-decomposed", spelledOut, 14, true),
        multiHead(),
        withoutMask());
  }

  /** As ONNX Runtime's optimiser leaves decoders. */
  private static SmallModel multiHead() {
    Style style = Style.PRE_NORM.with(Style.Attention.MULTI_HEAD);
    return decoder(
        "decoder-multi-head-with-cache", style, 17, DataType.FLOAT, true, OrtVersion.V1_17_3);
  }

  /** {@code input_ids} and the mask to {@code logits}; with a cache, in Optimum's names. */
  static SmallModel decoder(String name, Style style, long opset, boolean cache) {
    return decoder(name, style, opset, DataType.FLOAT, cache);
  }

  static SmallModel decoder(String name, Style style, long opset, DataType type, boolean cache) {
    return decoder(name, style, opset, type, cache, OrtVersion.V1_12_1);
  }

  private static SmallModel decoder(
      String name, Style style, long opset, DataType type, boolean cache, OrtVersion minOrt) {
    GraphWriter graph = new GraphWriter("decoder", opset, type, 31, "");
    List<String> dims = List.of("batch", "sequence");
    graph.input(new ModelInput("input_ids", DataType.INT64, dims, Role.TOKENS, Blocks.VOCABULARY));
    List<String> total = List.of("batch", cache ? "total" : "sequence");
    graph.input(new ModelInput("attention_mask", DataType.INT64, total, Role.MASK, 0));
    String positions =
        graph.input(
            new ModelInput("position_ids", DataType.INT64, dims, Role.POSITIONS, POSITIONS));
    if (cache) {
      for (int layer = 0; layer < LAYERS; layer++) {
        pastInput(graph, layer, "key", HEADS, Blocks.HEAD_WIDTH);
        pastInput(graph, layer, "value", HEADS, Blocks.HEAD_WIDTH);
      }
    }
    write(graph, style, "attention_mask", positions, cache);
    return graph.model(name, traits(minOrt));
  }

  static void pastInput(GraphWriter graph, int layer, String kind, String heads, int headWidth) {
    String name = "past_key_values." + layer + "." + kind;
    List<String> dims = List.of("batch", heads, "past", Integer.toString(headWidth));
    graph.input(new ModelInput(name, graph.type(), dims, Role.CACHE, 0));
  }

  static String presentOutput(
      GraphWriter graph, int layer, String kind, String heads, int headWidth) {
    String name = "present." + layer + "." + kind;
    graph.output(name, graph.type(), "batch", heads, "total", Integer.toString(headWidth));
    return name;
  }

  /** Without a mask, and with positions from the graph: as an exporter without padding writes. */
  private static SmallModel withoutMask() {
    GraphWriter graph = new GraphWriter("decoder", 17, DataType.FLOAT, 32, "");
    List<String> dims = List.of("batch", "sequence");
    graph.input(new ModelInput("input_ids", DataType.INT64, dims, Role.TOKENS, Blocks.VOCABULARY));
    String size = Masks.size(graph, "input_ids");
    String positions = graph.node("Range", List.of(graph.longScalar(0), size, graph.longScalar(1)));
    write(graph, Style.PRE_NORM, null, positions, false);
    return graph.model("decoder-without-mask", traits(OrtVersion.V1_12_1));
  }

  private static void write(
      GraphWriter graph, Style style, @Nullable String mask, String positions, boolean cache) {
    Blocks blocks = new Blocks(graph, style);
    String table = graph.weights(0.5, Blocks.VOCABULARY, Blocks.WIDTH);
    String words = graph.node("Gather", List.of(table, "input_ids"), integer("axis", 0));
    String places = graph.weights(0.3, POSITIONS, Blocks.WIDTH);
    String place = graph.node("Gather", List.of(places, positions), integer("axis", 0));
    String stream = graph.node("Add", List.of(words, place));
    String bias = Masks.causal(graph, "input_ids", mask);
    for (int layer = 0; layer < LAYERS; layer++) {
      Blocks.Cache layerCache = cache ? cache(graph, layer) : null;
      stream = blocks.layer("blocks." + layer + ".", stream, bias, layerCache);
    }
    String last = graph.hook("ln_final", blocks.normalize(stream));
    String unembedding = graph.node("Transpose", List.of(table), integers("perm", 1, 0));
    graph.named("logits", "MatMul", List.of(last, unembedding));
    Heads.outputLogits(graph, "logits");
    for (int layer = 0; cache && layer < LAYERS; layer++) {
      presentOutput(graph, layer, "key", HEADS, Blocks.HEAD_WIDTH);
      presentOutput(graph, layer, "value", HEADS, Blocks.HEAD_WIDTH);
    }
  }

  private static Blocks.Cache cache(GraphWriter graph, int layer) {
    String past = "past_key_values." + layer + ".";
    String present = "present." + layer + ".";
    return new Blocks.Cache(past + "key", past + "value", present + "key", present + "value");
  }

  private static Traits traits(OrtVersion minOrt) {
    return Traits.transformer(Family.DECODER, LAYERS, Blocks.VOCABULARY, minOrt);
  }
}
