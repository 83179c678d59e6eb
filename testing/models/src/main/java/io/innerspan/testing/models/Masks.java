package io.innerspan.testing.models;

import static io.innerspan.testing.models.Attributes.integer;
import static io.innerspan.testing.models.Attributes.integers;

import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is added to attention scores: 0 where a query may see a key, -10000 elsewhere. */
final class Masks {
  private Masks() {}

  /** Of padding: {@code [batch, 1, 1, keys]} from a mask {@code [batch, keys]}. */
  static String padding(GraphWriter graph, String mask, DataType type) {
    return bias(graph, seen(graph, mask, type));
  }

  /**
   * Of padding and of later tokens: {@code [batch, 1, queries, keys]}; keys that are in a cache
   * come before the queries'.
   *
   * @param ids {@code [batch, queries]}
   * @param mask {@code [batch, keys]} of 64-bit integers, or null without padding
   */
  static String causal(GraphWriter graph, String ids, @Nullable String mask) {
    String queries = size(graph, ids);
    String keys = mask == null ? queries : size(graph, mask);
    String zero = graph.longScalar(0);
    String one = graph.longScalar(1);
    String past = graph.node("Sub", List.of(keys, queries));
    String rows = graph.node("Range", List.of(past, keys, one));
    String columns = graph.node("Range", List.of(zero, keys, one));
    String later = graph.node("Greater", List.of(columns, unsqueeze(graph, rows, 1)));
    String earlier = graph.node("Not", List.of(later));
    String seen = cast(graph, earlier);
    if (mask != null) {
      seen = graph.node("Mul", List.of(seen(graph, mask, DataType.INT64), seen));
    }
    return bias(graph, seen);
  }

  /** The size of the second dimension, a scalar. */
  static String size(GraphWriter graph, String tensor) {
    String shape = graph.node("Shape", List.of(tensor));
    return graph.node("Gather", List.of(shape, graph.longScalar(1)), integer("axis", 0));
  }

  private static String seen(GraphWriter graph, String mask, DataType type) {
    String real = type == graph.type() ? mask : cast(graph, mask);
    return unsqueeze(graph, unsqueeze(graph, real, 1), 2);
  }

  private static String bias(GraphWriter graph, String seen) {
    String hidden = graph.node("Sub", List.of(graph.scalar(1), seen));
    return graph.node("Mul", List.of(hidden, graph.scalar(-10000)));
  }

  private static String cast(GraphWriter graph, String in) {
    return graph.node("Cast", List.of(in), integer("to", graph.type().getNumber()));
  }

  static String unsqueeze(GraphWriter graph, String in, long axis) {
    return graph.opset() >= 13
        ? graph.node("Unsqueeze", List.of(in, graph.longs(axis)))
        : graph.node("Unsqueeze", List.of(in), integers("axes", axis));
  }
}
