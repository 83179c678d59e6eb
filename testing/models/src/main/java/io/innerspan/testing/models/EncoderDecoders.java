package io.innerspan.testing.models;

import static io.innerspan.testing.models.Attributes.integer;

import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.testing.models.ModelInput.Role;
import io.innerspan.testing.models.Traits.Family;
import io.innerspan.testing.models.Traits.OrtVersion;
import java.util.List;

/**
 * Encoder and decoder in one graph, as BART (post-LN) and T5 (pre-LN) are: places of the encoder
 * begin with {@code encoder.}, those of the decoder with {@code decoder.}.
 */
final class EncoderDecoders {
  private static final int LAYERS = 2;

  private EncoderDecoders() {}

  static List<SmallModel> all() {
    return List.of(
        model("encoder-decoder-post-ln", Style.POST_NORM, 17),
        model("encoder-decoder-pre-ln", Style.PRE_NORM, 17),
        model("encoder-decoder-rms", Style.PRE_NORM.with(Style.Norm.RMS_SPELLED_OUT), 14));
  }

  private static SmallModel model(String name, Style style, long opset) {
    GraphWriter graph = new GraphWriter("seq2seq", opset, DataType.FLOAT, 41, "");
    List<String> source = List.of("batch", "source");
    List<String> dims = List.of("batch", "sequence");
    int words = Blocks.VOCABULARY;
    graph.input(new ModelInput("input_ids", DataType.INT64, source, Role.TOKENS, words));
    graph.input(new ModelInput("attention_mask", DataType.INT64, source, Role.MASK, 0));
    graph.input(new ModelInput("decoder_input_ids", DataType.INT64, dims, Role.TOKENS, words));
    Blocks blocks = new Blocks(graph, style);
    String table = graph.weights(0.5, words, Blocks.WIDTH);
    String padding = Masks.padding(graph, "attention_mask", DataType.INT64);
    String stream = embed(graph, blocks, style, table, "input_ids");
    for (int layer = 0; layer < LAYERS; layer++) {
      stream = blocks.layer("encoder." + layer + ".", stream, padding, null);
    }
    String memory = style.normFirst() ? blocks.normalize(stream) : stream;
    graph.named("encoder_last_hidden_state", "Identity", List.of(memory));
    String decoded = decode(graph, blocks, style, table, padding);
    graph.named("logits", "MatMul", List.of(decoded, graph.weights(0.5, Blocks.WIDTH, words)));
    Heads.outputLogits(graph, "logits");
    String width = Integer.toString(Blocks.WIDTH);
    graph.output("encoder_last_hidden_state", graph.type(), "batch", "source", width);
    return graph.model(
        name, Traits.transformer(Family.ENCODER_DECODER, 2 * LAYERS, words, OrtVersion.V1_12_1));
  }

  private static String embed(
      GraphWriter graph, Blocks blocks, Style style, String table, String ids) {
    String words = graph.node("Gather", List.of(table, ids), integer("axis", 0));
    return style.normFirst() ? words : blocks.normalize(words);
  }

  private static String decode(
      GraphWriter graph, Blocks blocks, Style style, String table, String padding) {
    String stream = embed(graph, blocks, style, table, "decoder_input_ids");
    String causal = Masks.causal(graph, "decoder_input_ids", null);
    for (int layer = 0; layer < LAYERS; layer++) {
      String block = "decoder." + layer + ".";
      graph.hook(block + "hook_resid_pre", stream);
      String self =
          blocks.sublayer(
              stream,
              in -> blocks.attend(block + "attn.", in, in, causal, null),
              block + "hook_attn_out",
              block + "hook_resid_mid");
      String cross =
          blocks.sublayer(
              self,
              in ->
                  blocks.attend(
                      block + "cross_attn.", in, "encoder_last_hidden_state", padding, null),
              block + "hook_cross_attn_out",
              block + "hook_resid_mid_cross");
      stream = blocks.feedForwardLayer(block, cross);
    }
    return style.normFirst() ? blocks.normalize(stream) : stream;
  }
}
