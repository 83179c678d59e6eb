package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the table that turns token ids into the first activations. */
final class EmbeddingFinder {
  private static final Set<String> CONVERSIONS = Set.of("Cast", "DequantizeLinear", "Identity");

  private final GraphIndex graph;
  private final Reach reach;
  private final List<TensorInfo> inputs;

  EmbeddingFinder(GraphIndex graph, Reach reach, List<TensorInfo> inputs) {
    this.graph = graph;
    this.reach = reach;
    this.inputs = inputs;
  }

  /** Whether a node looks integers up in a table of weights. */
  static boolean embeds(GraphIndex graph, NodeProto node) {
    return node.getOpType().equals("Gather")
        && node.getInputCount() == 2
        && rows(graph, node.getInput(0)) > 0
        && !graph.isConstant(node.getInput(1));
  }

  /**
   * The tokens' embeddings before anything is added, or null: what is looked up by an integer input
   * itself in the largest table of all that the stream comes from.
   */
  @Nullable String find(String stream) {
    String found = null;
    long largest = 0;
    for (String tensor : reach.before(stream)) {
      NodeProto node = graph.producer(tensor);
      if (node != null && embeds(graph, node) && isInput(node.getInput(1))) {
        long rows = rows(graph, node.getInput(0));
        if (rows == largest) {
          found = null;
        } else if (rows > largest) {
          found = tensor;
          largest = rows;
        }
      }
    }
    return found;
  }

  /** What is looked up by an input itself in tables of weights, a row for each integer. */
  static List<String> lookups(GraphIndex graph, String input) {
    List<String> found = new ArrayList<>();
    for (int i = 0; i < graph.size(); i++) {
      NodeProto node = graph.node(i);
      if (embeds(graph, node)
          && Integers.attribute(node, "axis", 0) == 0
          && source(graph, node.getInput(1)).equals(input)) {
        found.add(node.getOutput(0));
      }
    }
    return found;
  }

  private boolean isInput(String tensor) {
    String name = source(graph, tensor);
    return inputs.stream().anyMatch(input -> input.name().equals(name) && input.type().isInteger());
  }

  /** The same integers before they were converted. */
  private static String source(GraphIndex graph, String tensor) {
    String source = graph.canonical(tensor);
    NodeProto cast = graph.producer(source);
    return cast != null && cast.getOpType().equals("Cast") ? cast.getInput(0) : source;
  }

  /** The rows of a two-dimensional table of weights, or -1. */
  private static long rows(GraphIndex graph, String tensor) {
    TensorProto table = graph.initializer(tensor);
    if (table == null) {
      NodeProto convert = graph.producer(tensor);
      if (convert != null
          && convert.getInputCount() > 0
          && CONVERSIONS.contains(convert.getOpType())) {
        table = graph.initializer(convert.getInput(0));
      }
    }
    return table != null && table.getDimsCount() == 2 ? table.getDims(0) : -1;
  }
}
