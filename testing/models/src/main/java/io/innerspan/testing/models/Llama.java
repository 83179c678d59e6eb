package io.innerspan.testing.models;

import static io.innerspan.testing.models.Attributes.integer;
import static io.innerspan.testing.models.Attributes.integers;
import static io.innerspan.testing.models.Attributes.number;

import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.testing.models.ModelInput.Role;
import io.innerspan.testing.models.Traits.Family;
import io.innerspan.testing.models.Traits.OrtVersion;
import java.util.List;

/**
 * Decoders as Llama: RMSNorm, rotary positions, two query heads to one head of keys and values, a
 * gated feed-forward. Once as ONNX Runtime's model builder writes them, with its own operators and
 * a cache, and once of the standard operators of opset 23, without a cache.
 */
final class Llama {
  private static final int LAYERS = 2;
  private static final int WIDTH = Blocks.WIDTH;
  private static final int KEY_WIDTH = Blocks.HEAD_WIDTH;
  private static final String ONE_HEAD = "1";

  private final boolean standard;
  private final GraphWriter graph;
  private final Rotary rotary;

  /** Inputs of every attention node. */
  private String mask = "";

  private String lengths = "";
  private String total = "";

  private Llama(boolean standard) {
    this.standard = standard;
    this.graph = new GraphWriter("llama", standard ? 23 : 17, DataType.FLOAT, 81, "");
    this.rotary = new Rotary(graph, standard);
  }

  static List<SmallModel> all() {
    return List.of(
        new Llama(false).model("llama-fused", OrtVersion.V1_20_0),
        new Llama(true).model("llama-opset-23", OrtVersion.V1_29_0));
  }

  private SmallModel model(String name, OrtVersion minOrt) {
    int words = Blocks.VOCABULARY;
    List<String> dims = List.of("batch", "sequence");
    List<String> all = List.of("batch", standard ? "sequence" : "total");
    graph.input(new ModelInput("input_ids", DataType.INT64, dims, Role.TOKENS, words));
    graph.input(new ModelInput("attention_mask", DataType.INT64, all, Role.MASK, 0));
    graph.input(
        new ModelInput("position_ids", DataType.INT64, dims, Role.POSITIONS, Rotary.POSITIONS));
    if (standard) {
      mask = Masks.causal(graph, "input_ids", "attention_mask");
    } else {
      cacheInputs();
    }
    String table = graph.weights(1, words, WIDTH);
    String stream = graph.node("Gather", List.of(table, "input_ids"), integer("axis", 0));
    Sum sum = new Sum(stream, first(stream));
    for (int layer = 0; layer < LAYERS; layer++) {
      sum = layer(layer, sum);
    }
    graph.hook("ln_final", sum.normalized());
    graph.named("logits", "MatMul", List.of(sum.normalized(), graph.weights(0.3, WIDTH, words)));
    Heads.outputLogits(graph, "logits");
    for (int layer = 0; !standard && layer < LAYERS; layer++) {
      Decoders.presentOutput(graph, layer, "key", ONE_HEAD);
      Decoders.presentOutput(graph, layer, "value", ONE_HEAD);
    }
    return graph.model(name, Traits.transformer(Family.DECODER, LAYERS, words, minOrt));
  }

  private void cacheInputs() {
    for (int layer = 0; layer < LAYERS; layer++) {
      Decoders.pastInput(graph, layer, "key", ONE_HEAD);
      Decoders.pastInput(graph, layer, "value", ONE_HEAD);
    }
    String real =
        graph.node("ReduceSum", List.of("attention_mask", graph.longs(1)), integer("keepdims", 0));
    lengths = int32(graph.node("Sub", List.of(real, graph.longScalar(1))));
    total = int32(Masks.size(graph, "attention_mask"));
  }

  private String int32(String in) {
    return graph.node("Cast", List.of(in), integer("to", DataType.INT32.getNumber()));
  }

  /** The stream and what is made of it for the next sublayer. */
  private record Sum(String stream, String normalized) {}

  private Sum layer(int layer, Sum before) {
    String block = "blocks." + layer + ".";
    graph.hook(block + "hook_resid_pre", before.stream());
    String attended = graph.hook(block + "hook_attn_out", attend(layer, before.normalized()));
    Sum mid = add(block + "hook_resid_mid", attended, before.stream());
    String fed = graph.hook(block + "hook_mlp_out", feedForward(mid.normalized()));
    return add(block + "hook_resid_post", fed, mid.stream());
  }

  private String first(String stream) {
    Style.Norm norm = standard ? Style.Norm.RMS_FUSED : Style.Norm.RMS_SIMPLIFIED;
    return Norms.normalize(graph, norm, stream, WIDTH);
  }

  private Sum add(String place, String branch, String stream) {
    if (standard) {
      String sum = graph.hook(place, graph.node("Add", List.of(stream, branch)));
      return new Sum(sum, first(sum));
    }
    String normalized = graph.fresh("SkipSimplifiedLayerNormalization");
    String sum = graph.hook(place, graph.fresh("Sum"));
    graph.add(
        normalized,
        GraphWriter.MICROSOFT,
        "SkipSimplifiedLayerNormalization",
        List.of(stream, branch, graph.weights(1, 0.1, WIDTH)),
        List.of(normalized, "", "", sum),
        number("epsilon", 1e-5f));
    return new Sum(sum, normalized);
  }

  private String attend(int layer, String in) {
    String queries = rotary.rotate(product(in, WIDTH, WIDTH), Blocks.HEADS);
    String keys = rotary.rotate(product(in, WIDTH, KEY_WIDTH), 1);
    String values = product(in, WIDTH, KEY_WIDTH);
    String output = graph.fresh(standard ? "Attention" : "GroupQueryAttention");
    if (standard) {
      graph.add(
          output,
          "",
          "Attention",
          List.of(queries, keys, values, mask),
          List.of(output),
          integer("q_num_heads", Blocks.HEADS),
          integer("kv_num_heads", 1));
    } else {
      String past = "past_key_values." + layer + ".";
      String present = "present." + layer + ".";
      graph.add(
          output,
          GraphWriter.MICROSOFT,
          "GroupQueryAttention",
          List.of(queries, keys, values, past + "key", past + "value", lengths, total),
          List.of(output, present + "key", present + "value"),
          integer("num_heads", Blocks.HEADS),
          integer("kv_num_heads", 1));
    }
    return product(output, WIDTH, WIDTH);
  }

  private String feedForward(String in) {
    String gate = product(in, WIDTH, Blocks.HIDDEN);
    String silu = graph.node("Mul", List.of(gate, graph.node("Sigmoid", List.of(gate))));
    String up = graph.node("Mul", List.of(silu, product(in, WIDTH, Blocks.HIDDEN)));
    return product(up, Blocks.HIDDEN, WIDTH);
  }

  private String product(String in, int from, int to) {
    return graph.node("MatMul", List.of(in, graph.weights(0.3, from, to)));
  }

  /** Rotary positions: the same operator under two names. */
  private static final class Rotary {
    static final int POSITIONS = 64;
    private final GraphWriter graph;
    private final boolean standard;
    private final String cosines;
    private final String sines;

    Rotary(GraphWriter graph, boolean standard) {
      this.graph = graph;
      this.standard = standard;
      int half = Blocks.HEAD_WIDTH / 2;
      float[] cosine = new float[POSITIONS * half];
      float[] sine = new float[POSITIONS * half];
      for (int i = 0; i < cosine.length; i++) {
        double angle = (i / half) * StrictMath.pow(10000, -(double) (i % half) / half);
        cosine[i] = (float) StrictMath.cos(angle);
        sine[i] = (float) StrictMath.sin(angle);
      }
      cosines = graph.floats(cosine, POSITIONS, half);
      sines = graph.floats(sine, POSITIONS, half);
    }

    String rotate(String in, int heads) {
      if (standard) {
        List<String> inputs = List.of(in, cosines, sines, "position_ids");
        return graph.node("RotaryEmbedding", inputs, integer("num_heads", heads));
      }
      // ONNX Runtime knows the heads only where there are four dimensions.
      String split =
          graph.node("Reshape", List.of(in, graph.longs(0, 0, heads, Blocks.HEAD_WIDTH)));
      String ordered = graph.node("Transpose", List.of(split), integers("perm", 0, 2, 1, 3));
      List<String> inputs = List.of(ordered, "position_ids", cosines, sines);
      String rotated = graph.fused("RotaryEmbedding", inputs);
      String back = graph.node("Transpose", List.of(rotated), integers("perm", 0, 2, 1, 3));
      long width = (long) heads * Blocks.HEAD_WIDTH;
      return graph.node("Reshape", List.of(back, graph.longs(0, 0, width)));
    }
  }
}
