package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Set;

/** Finds the nodes that attend: fused operators, and softmaxes between two products. */
final class AttentionFinder {
  /** What may lie between a softmax and the product with the values. */
  private static final Set<String> AFTER =
      Set.of("Identity", "Dropout", "Cast", "Where", "Reshape", "IsNaN", "Mul");

  /** What may lie between the sum of scores and mask and the softmax. */
  private static final Set<String> BEFORE =
      Set.of(
          "Cast",
          "Reshape",
          "Where",
          "Add",
          "Mul",
          "Div",
          "Max",
          "Clip",
          "Identity",
          "Dropout",
          "Transpose");

  /** Quantised models convert the probabilities before the product. */
  private static final Set<String> TAKES_PROBABILITIES =
      Set.of("MatMul", "Einsum", "FusedMatMul", "DynamicQuantizeLinear", "QuantizeLinear");

  private static final int MAX_STEPS = 24;

  private final GraphIndex graph;

  AttentionFinder(GraphIndex graph) {
    this.graph = graph;
  }

  /** The positions of the nodes that attend. */
  Set<Integer> find() {
    Set<Integer> attention = new HashSet<>();
    for (int i = 0; i < graph.size(); i++) {
      NodeProto node = graph.node(i);
      boolean softmax = node.getOpType().equals("Softmax") && node.getInputCount() > 0;
      if (StandardOps.FUSED_ATTENTION.contains(node.getOpType())
          || (softmax && comesFromProduct(node) && goesToProduct(node))) {
        attention.add(i);
      }
    }
    return attention;
  }

  /** Whether a tensor reaches a softmax through elementwise nodes: scores, not a residual. */
  boolean areScores(String tensor) {
    return forward(tensor, BEFORE, Set.of("Softmax"));
  }

  private boolean goesToProduct(NodeProto softmax) {
    return forward(softmax.getOutput(0), AFTER, TAKES_PROBABILITIES);
  }

  private boolean forward(String from, Set<String> through, Set<String> to) {
    Deque<String> queue = new ArrayDeque<>(Set.of(from));
    Set<String> seen = new HashSet<>();
    for (int step = 0; !queue.isEmpty() && step < MAX_STEPS; step++) {
      for (int position : graph.consumerPositions(queue.remove())) {
        NodeProto node = graph.node(position);
        if (to.contains(node.getOpType())) {
          return true;
        }
        if (through.contains(node.getOpType()) && seen.add(node.getOutput(0))) {
          queue.add(node.getOutput(0));
        }
      }
    }
    return false;
  }

  private boolean comesFromProduct(NodeProto softmax) {
    Deque<String> queue = new ArrayDeque<>(Set.of(softmax.getInput(0)));
    Set<String> seen = new HashSet<>();
    for (int step = 0; !queue.isEmpty() && step < MAX_STEPS; step++) {
      NodeProto node = graph.producer(queue.remove());
      if (node == null) {
        continue;
      }
      if (StandardOps.PRODUCT.contains(node.getOpType())) {
        return true;
      }
      for (String input : node.getInputList()) {
        if (!graph.isConstant(input) && seen.add(input)) {
          queue.add(input);
        }
      }
    }
    return false;
  }
}
