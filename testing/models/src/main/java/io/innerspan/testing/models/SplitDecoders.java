package io.innerspan.testing.models;

import static io.innerspan.testing.models.Attributes.integer;

import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.testing.models.ModelInput.Role;
import io.innerspan.testing.models.Traits.Family;
import io.innerspan.testing.models.Traits.OrtVersion;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The decoder of an encoder-decoder in a graph of its own, with the inputs and outputs that Optimum
 * gives it: {@code decoder_model.onnx} for the first tokens, {@code decoder_with_past_model.onnx}
 * for each one after them. The only mask is that of the encoder's tokens.
 */
final class SplitDecoders {
  private static final int LAYERS = 2;
  private static final String MASK = "encoder_attention_mask";
  private static final String MEMORY = "encoder_hidden_states";
  private static final String HEADS = Integer.toString(Blocks.HEADS);
  private static final String HEAD_WIDTH = Integer.toString(Blocks.HEAD_WIDTH);

  private final GraphWriter graph;
  private final Blocks blocks;
  private final boolean past;

  private SplitDecoders(Style style, boolean past) {
    this.graph = new GraphWriter("decoder", 17, DataType.FLOAT, past ? 44 : 43, "");
    this.blocks = new Blocks(graph, style);
    this.past = past;
  }

  static List<SmallModel> all() {
    return List.of(
        new SplitDecoders(Style.PRE_NORM, false).model("encoder-decoder-split"),
        new SplitDecoders(Style.PRE_NORM, true).model("encoder-decoder-split-with-past"));
  }

  private SmallModel model(String name) {
    int words = Blocks.VOCABULARY;
    List<String> source = List.of("batch", "source");
    List<String> tokens = List.of("batch", past ? "1" : "sequence");
    graph.input(new ModelInput(MASK, DataType.INT64, source, Role.MASK, 0));
    graph.input(new ModelInput("input_ids", DataType.INT64, tokens, Role.TOKENS, words));
    if (past) {
      pastInputs();
    } else {
      List<String> states = List.of("batch", "source", Integer.toString(Blocks.WIDTH));
      graph.input(new ModelInput(MEMORY, DataType.FLOAT, states, Role.NUMBERS, 0));
    }
    String table = graph.weights(0.5, words, Blocks.WIDTH);
    String stream = graph.node("Gather", List.of(table, "input_ids"), integer("axis", 0));
    String padding = Masks.padding(graph, MASK, DataType.INT64);
    String causal = past ? null : Masks.causal(graph, "input_ids", null);
    for (int layer = 0; layer < LAYERS; layer++) {
      stream = layer(layer, stream, causal, padding);
    }
    String last = graph.hook("ln_final", blocks.normalize(stream));
    graph.named("logits", "MatMul", List.of(last, graph.weights(0.5, Blocks.WIDTH, words)));
    Heads.outputLogits(graph, "logits");
    presentOutputs();
    return graph.model(
        name, Traits.transformer(Family.ENCODER_DECODER, LAYERS, words, OrtVersion.V1_12_1));
  }

  private void pastInputs() {
    for (int layer = 0; layer < LAYERS; layer++) {
      for (String kind : List.of("key", "value")) {
        List<String> own = List.of("batch", HEADS, "past", HEAD_WIDTH);
        graph.input(
            new ModelInput(past(layer, "decoder", kind), DataType.FLOAT, own, Role.CACHE, 0));
        List<String> cross = List.of("batch", HEADS, "source", HEAD_WIDTH);
        graph.input(
            new ModelInput(past(layer, "encoder", kind), DataType.FLOAT, cross, Role.NUMBERS, 0));
      }
    }
  }

  private void presentOutputs() {
    for (int layer = 0; layer < LAYERS; layer++) {
      for (String kind : List.of("key", "value")) {
        output(present(layer, "decoder", kind), past ? "total" : "sequence");
        if (!past) {
          output(present(layer, "encoder", kind), "source");
        }
      }
    }
  }

  private void output(String name, String length) {
    graph.output(name, DataType.FLOAT, "batch", HEADS, length, HEAD_WIDTH);
  }

  private String layer(int layer, String stream, @Nullable String causal, String padding) {
    String block = "blocks." + layer + ".";
    graph.hook(block + "hook_resid_pre", stream);
    String self =
        blocks.sublayer(
            stream,
            in -> blocks.attend(block + "attn.", in, in, causal, cache(layer, "decoder")),
            block + "hook_attn_out",
            block + "hook_resid_mid");
    String cross =
        blocks.sublayer(
            self,
            in ->
                blocks.attend(block + "cross_attn.", in, MEMORY, padding, cache(layer, "encoder")),
            block + "hook_cross_attn_out",
            block + "hook_resid_mid_cross");
    return blocks.feedForwardLayer(block, cross);
  }

  /** Once there are tokens before, the keys and values of the encoder's are taken as they are. */
  private Blocks.Cache cache(int layer, String whose) {
    boolean made = !past || whose.equals("decoder");
    return new Blocks.Cache(
        past ? past(layer, whose, "key") : null,
        past ? past(layer, whose, "value") : null,
        made ? present(layer, whose, "key") : null,
        made ? present(layer, whose, "value") : null);
  }

  private static String past(int layer, String whose, String kind) {
    return "past_key_values." + layer + "." + whose + "." + kind;
  }

  private static String present(int layer, String whose, String kind) {
    return "present." + layer + "." + whose + "." + kind;
  }
}
