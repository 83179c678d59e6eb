package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is computed from what. The sizes of a tensor are no part of its value: nothing is followed
 * through Shape and Size.
 */
final class Reach {
  private static final Set<String> SIZES = Set.of("Shape", "Size");

  private final GraphIndex graph;

  Reach(GraphIndex graph) {
    this.graph = graph;
  }

  /** The positions of the nodes that are computed from a tensor, in the graph's order. */
  TreeSet<Integer> after(String tensor) {
    TreeSet<Integer> reached = new TreeSet<>();
    Deque<String> queue = new ArrayDeque<>(Set.of(tensor));
    while (!queue.isEmpty()) {
      for (int position : graph.consumerPositions(queue.remove())) {
        NodeProto node = graph.node(position);
        if (!SIZES.contains(node.getOpType()) && reached.add(position)) {
          queue.addAll(node.getOutputList());
        }
      }
    }
    return reached;
  }

  /** The tensors that a tensor is computed from, itself and inputs of the model included. */
  Set<String> before(String tensor) {
    Set<String> reached = new HashSet<>(Set.of(tensor));
    Deque<String> queue = new ArrayDeque<>(reached);
    while (!queue.isEmpty()) {
      NodeProto node = graph.producer(queue.remove());
      if (node != null && !SIZES.contains(node.getOpType())) {
        for (String input : node.getInputList()) {
          if (!graph.isConstant(input) && reached.add(input)) {
            queue.add(input);
          }
        }
      }
    }
    return reached;
  }

  /** The outputs of nodes. */
  Set<String> outputs(Collection<Integer> positions) {
    Set<String> outputs = new HashSet<>();
    positions.forEach(position -> outputs.addAll(graph.node(position).getOutputList()));
    outputs.remove("");
    return outputs;
  }
}
