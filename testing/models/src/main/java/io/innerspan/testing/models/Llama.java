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
 * Decoders as Llama: RMSNorm, rotary positions, two query heads to one head of keys and values, a
 * gated feed-forward. As ONNX Runtime's model builder writes them, with its own operators and a
 * cache, in several precisions, and once of the standard operators of opset 23, without a cache.
 */
final class Llama {
  private static final int LAYERS = 2;
  private static final int WIDTH = Blocks.WIDTH;
  private static final String ONE_HEAD = "1";

  /** How a decoder is written. */
  private enum Form {
    /** The standard operators. */
    STANDARD,
    /** ONNX Runtime's operators. */
    FUSED,
    /** The same with weights of four bits. */
    FOUR_BITS,
    /** The same, where one product gives queries, keys and values and attention rotates them. */
    FOUR_BITS_PACKED
  }

  private final Form form;
  private final boolean standard;
  private final GraphWriter graph;
  private final Rotary rotary;

  /** Also the width of all keys, and of all values: they have one head. */
  private final int headWidth;

  /** Inputs of every attention node. */
  private String mask = "";

  private String lengths = "";
  private String total = "";

  private Llama(Form form, DataType type) {
    this.form = form;
    this.standard = form == Form.STANDARD;
    this.graph = new GraphWriter("llama", standard ? 23 : 17, type, 81, "");
    // What rotates in attention takes multiples of 16; heads are then wider than their share.
    this.headWidth = isFourBits() ? 16 : Blocks.HEAD_WIDTH;
    this.rotary = new Rotary(graph, standard, headWidth);
  }

  private boolean isFourBits() {
    return form == Form.FOUR_BITS || form == Form.FOUR_BITS_PACKED;
  }

  static List<SmallModel> all() {
    DataType single = DataType.FLOAT;
    return List.of(
        new Llama(Form.FUSED, single).model("llama-fused", OrtVersion.V1_20_0),
        // 1.20 has the operators, but loses the normalisations' weights.
        new Llama(Form.FUSED, DataType.FLOAT16).model("llama-fused-fp16", OrtVersion.V1_29_0),
        new Llama(Form.FOUR_BITS, single).model("llama-fused-int4", OrtVersion.V1_20_0),
        new Llama(Form.FOUR_BITS_PACKED, single)
            .model("llama-fused-int4-packed", OrtVersion.V1_20_0),
        new Llama(Form.STANDARD, single).model("llama-opset-23", OrtVersion.V1_29_0));
  }

  private SmallModel model(String name, OrtVersion minOrt) {
    int words = Blocks.VOCABULARY;
    List<String> dims = List.of("batch", "sequence");
    List<String> all = List.of("batch", standard ? "sequence" : "total");
    graph.input(new ModelInput("input_ids", DataType.INT64, dims, Role.TOKENS, words));
    graph.input(new ModelInput("attention_mask", DataType.INT64, all, Role.MASK, 0));
    if (form != Form.FOUR_BITS_PACKED) {
      graph.input(
          new ModelInput("position_ids", DataType.INT64, dims, Role.POSITIONS, Rotary.POSITIONS));
    }
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
      Decoders.presentOutput(graph, layer, "key", ONE_HEAD, headWidth);
      Decoders.presentOutput(graph, layer, "value", ONE_HEAD, headWidth);
    }
    return graph.model(name, Traits.transformer(Family.DECODER, LAYERS, words, minOrt));
  }

  private void cacheInputs() {
    for (int layer = 0; layer < LAYERS; layer++) {
      Decoders.pastInput(graph, layer, "key", ONE_HEAD, headWidth);
      Decoders.pastInput(graph, layer, "value", ONE_HEAD, headWidth);
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
    // As the model builder leaves it: of the last layer nothing but the normalised sum is there.
    boolean hidden =
        form == Form.FOUR_BITS_PACKED
            && place.equals("blocks." + (LAYERS - 1) + ".hook_resid_post");
    String sum = hidden ? "" : graph.hook(place, graph.fresh("Sum"));
    graph.add(
        normalized,
        GraphWriter.MICROSOFT,
        "SkipSimplifiedLayerNormalization",
        List.of(stream, branch, graph.weights(1, 0.1, WIDTH)),
        hidden ? List.of(normalized) : List.of(normalized, "", "", sum),
        number("epsilon", 1e-5f));
    return new Sum(sum, normalized);
  }

  private String attend(int layer, String in) {
    int width = Blocks.HEADS * headWidth;
    if (form == Form.FOUR_BITS_PACKED) {
      String packed = Linears.fourBits(graph, in, WIDTH, width, headWidth, headWidth);
      return product(grouped(layer, List.of(packed, "", "")), width, WIDTH);
    }
    String queries = rotary.rotate(product(in, WIDTH, width), Blocks.HEADS);
    String keys = rotary.rotate(product(in, WIDTH, headWidth), 1);
    String values = product(in, WIDTH, headWidth);
    if (!standard) {
      return product(grouped(layer, List.of(queries, keys, values)), width, WIDTH);
    }
    String output = graph.fresh("Attention");
    graph.add(
        output,
        "",
        "Attention",
        List.of(queries, keys, values, mask),
        List.of(output),
        integer("q_num_heads", Blocks.HEADS),
        integer("kv_num_heads", 1));
    return product(output, width, WIDTH);
  }

  private String grouped(int layer, List<String> tokens) {
    String output = graph.fresh("GroupQueryAttention");
    String past = "past_key_values." + layer + ".";
    String present = "present." + layer + ".";
    List<String> inputs = new ArrayList<>(tokens);
    inputs.addAll(List.of(past + "key", past + "value", lengths, total));
    boolean rotates = form == Form.FOUR_BITS_PACKED;
    if (rotates) {
      inputs.addAll(rotary.tables());
    }
    graph.add(
        output,
        GraphWriter.MICROSOFT,
        "GroupQueryAttention",
        inputs,
        List.of(output, present + "key", present + "value"),
        integer("num_heads", Blocks.HEADS),
        integer("kv_num_heads", 1),
        integer("do_rotary", rotates ? 1 : 0));
    return output;
  }

  private String feedForward(String in) {
    String gate = product(in, WIDTH, Blocks.HIDDEN);
    String silu = graph.node("Mul", List.of(gate, graph.node("Sigmoid", List.of(gate))));
    String up = graph.node("Mul", List.of(silu, product(in, WIDTH, Blocks.HIDDEN)));
    return product(up, Blocks.HIDDEN, WIDTH);
  }

  private String product(String in, int from, int to) {
    return isFourBits()
        ? Linears.fourBits(graph, in, from, to)
        : graph.node("MatMul", List.of(in, graph.weights(0.3, from, to)));
  }
}
