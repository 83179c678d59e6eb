package io.innerspan.onnxruntime.graft;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.testing.models.Attributes;
import io.innerspan.testing.models.GraphWriter;
import java.util.List;
import java.util.Map;

/** A model that hands out what it is given, so that a test can choose its activations. */
@SuppressWarnings("ArrayRecordComponent")
record Given(byte[] bytes) {

  /**
   * {@code x} as {@code y} and {@code before} as {@code y_before}, {@code [batch, tokens, width]}.
   */
  static Given activations(int width) {
    GraphWriter graph = writer();
    for (String name : List.of("x", "before")) {
      graph.input(name, DataType.FLOAT, "batch", "sequence", Integer.toString(width));
      String output = name.equals("x") ? "y" : "y_before";
      graph.named(output, "Identity", List.of(name));
      graph.output(output, DataType.FLOAT, "batch", "sequence", Integer.toString(width));
    }
    return new Given(graph.model().toByteArray());
  }

  /** {@code x} as {@code y}, logits {@code [batch, answers]}; there are no tokens. */
  static Given rows(int answers) {
    GraphWriter graph = new GraphWriter("given", 13, DataType.FLOAT, 1, "");
    graph.input("x", DataType.FLOAT, "batch", Integer.toString(answers));
    graph.named("y", "Identity", List.of("x"));
    graph.output("y", DataType.FLOAT, "batch", Integer.toString(answers));
    return new Given(graph.model().toByteArray());
  }

  /**
   * Attention {@code x} as {@code blocks.0.attn.hook_pattern}, {@code [batch, heads, tokens,
   * tokens]}, of tokens with ids and a mask.
   */
  static Given attention(int heads) {
    GraphWriter graph = writer();
    graph.input("input_ids", DataType.INT64, "batch", "sequence");
    graph.input("x", DataType.FLOAT, "batch", Integer.toString(heads), "sequence", "sequence");
    // As attention does, the pattern depends on the mask.
    String mask = graph.node("Cast", List.of("attention_mask"), Attributes.integer("to", 1));
    String zero = graph.node("Mul", List.of(mask, graph.scalar(0)));
    String shaped = graph.node("Unsqueeze", List.of(zero, graph.longs(1, 2)));
    graph.named("y", "Add", List.of("x", shaped));
    graph.output("y", DataType.FLOAT, "batch", Integer.toString(heads), "sequence", "sequence");
    return new Given(graph.model().toByteArray());
  }

  private static GraphWriter writer() {
    GraphWriter graph = new GraphWriter("given", 13, DataType.FLOAT, 1, "");
    graph.input("attention_mask", DataType.INT64, "batch", "sequence");
    return graph;
  }

  Map<String, OnnxTensor> feeds(Batch batch, float[][][] x, float[][][] before)
      throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> feeds = batch.feeds(DataType.INT64);
    feeds.remove("input_ids");
    feeds.put("x", OnnxTensor.createTensor(environment, x));
    feeds.put("before", OnnxTensor.createTensor(environment, before));
    return feeds;
  }
}
