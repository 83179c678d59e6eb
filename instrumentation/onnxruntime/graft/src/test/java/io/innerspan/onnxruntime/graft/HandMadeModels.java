package io.innerspan.onnxruntime.graft;

import static io.innerspan.testing.models.Attributes.integer;
import static io.innerspan.testing.models.Attributes.integers;

import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import io.innerspan.testing.models.GraphWriter;
import java.util.List;

/** Models so small that what they compute is known without running them. */
final class HandMadeModels {
  private HandMadeModels() {}

  /**
   * One attention layer with the identity as value and output projection and no preference for any
   * position: {@code y = x + mean of x over the positions}, with two heads of width 2; {@code x}
   * and {@code y} are {@code [batch, tokens, 4]}.
   */
  static byte[] averagingAttention() {
    GraphWriter graph = new GraphWriter("average", 17, DataType.FLOAT, 1, "");
    graph.input("x", DataType.FLOAT, "batch", "tokens", "4");
    String keys = heads(graph, graph.node("MatMul", List.of("x", scaled(graph, 0))), 0, 2, 3, 1);
    String queries = heads(graph, graph.node("MatMul", List.of("x", scaled(graph, 0))), 0, 2, 1, 3);
    String values = heads(graph, graph.node("MatMul", List.of("x", scaled(graph, 1))), 0, 2, 1, 3);
    String scores = graph.node("MatMul", List.of(queries, keys));
    String pattern = graph.named("pattern", "Softmax", List.of(scores), integer("axis", 3));
    String context = graph.named("z", "MatMul", List.of(pattern, values));
    context = graph.node("Transpose", List.of(context), integers("perm", 0, 2, 1, 3));
    context = graph.node("Reshape", List.of(context, graph.longs(0, 0, 4)));
    String branch = graph.node("MatMul", List.of(context, scaled(graph, 1)));
    graph.named("y", "Add", List.of("x", branch));
    graph.output("y", DataType.FLOAT, "batch", "tokens", "4");
    return graph.model().toByteArray();
  }

  private static String heads(GraphWriter graph, String in, long... order) {
    String split = graph.node("Reshape", List.of(in, graph.longs(0, 0, 2, 2)));
    return graph.node("Transpose", List.of(split), integers("perm", order));
  }

  private static String scaled(GraphWriter graph, float diagonal) {
    float[] matrix = new float[16];
    for (int i = 0; i < 4; i++) {
      matrix[5 * i] = diagonal;
    }
    return graph.floats(matrix, 4, 4);
  }

  /** {@code y = 3a + b} of columns {@code [batch, 1]}, by way of the tensors a and b. */
  static byte[] threeAPlusB() {
    GraphWriter graph = new GraphWriter("sum", 13, DataType.FLOAT, 1, "");
    graph.input("left", DataType.FLOAT, "batch", "1");
    graph.input("right", DataType.FLOAT, "batch", "1");
    graph.named("a", "Identity", List.of("left"));
    graph.named("b", "Identity", List.of("right"));
    String three = graph.node("Mul", List.of("a", graph.scalar(3)));
    graph.named("y", "Add", List.of(three, "b"));
    graph.output("y", DataType.FLOAT, "batch", "1");
    return graph.model().toByteArray();
  }

  /**
   * Activations of different lengths: {@code fine [batch, tokens, 4]} is the input, {@code coarse}
   * every second token of it, {@code y} the sum of {@code coarse} over its tokens.
   */
  static byte[] twoLengths() {
    GraphWriter graph = new GraphWriter("lengths", 13, DataType.FLOAT, 1, "");
    graph.input("x", DataType.FLOAT, "batch", "tokens", "4");
    graph.named("fine", "Identity", List.of("x"));
    String end = graph.longs(Long.MAX_VALUE);
    graph.named(
        "coarse", "Slice", List.of("fine", graph.longs(0), end, graph.longs(1), graph.longs(2)));
    graph.named("y", "ReduceSum", List.of("coarse", graph.longs(1)), integer("keepdims", 0));
    graph.output("y", DataType.FLOAT, "batch", "4");
    return graph.model().toByteArray();
  }

  /**
   * A text of any length: {@code tokens [batch, tokens, 4]} of {@code input_ids}, far from zero,
   * and an {@code attention_mask}, which only {@code y} depends on.
   */
  static byte[] longText() {
    GraphWriter graph = new GraphWriter("text", 13, DataType.FLOAT, 1, "");
    graph.input("input_ids", DataType.INT64, "batch", "tokens");
    graph.input("attention_mask", DataType.INT64, "batch", "tokens");
    String table = graph.weights(20.0, 3.0, 40, 4);
    String words = graph.node("Gather", List.of(table, "input_ids"), integer("axis", 0));
    graph.named("tokens", "MatMul", List.of(words, graph.weights(1, 4, 4)));
    String mask = graph.node("Cast", List.of("attention_mask"), integer("to", 1));
    String weights = graph.node("Unsqueeze", List.of(mask, graph.longs(2)));
    String real = graph.node("Mul", List.of("tokens", weights));
    graph.named("y", "ReduceSum", List.of(real, graph.longs(1)), integer("keepdims", 0));
    graph.output("y", DataType.FLOAT, "batch", "4");
    return graph.model().toByteArray();
  }
}
