package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Looks into a feed-forward branch. */
final class MlpFinder {
  /** What may lie between the last product and the end of the branch: bias, scale, rounding. */
  private static final Set<String> AFTER =
      Set.of(
          "Add",
          "Cast",
          "DequantizeLinear",
          "Dropout",
          "Identity",
          "Mul",
          "QuantizeLinear",
          "Reshape",
          "LayerNormalization",
          "RMSNormalization",
          "SimplifiedLayerNormalization");

  /** What prepares a product's input without changing what it stands for. */
  private static final Set<String> BEFORE =
      Set.of("DequantizeLinear", "DynamicQuantizeLinear", "QuantizeLinear", "Reshape", "Identity");

  private static final int MAX_STEPS = 16;

  private final GraphIndex graph;

  MlpFinder(GraphIndex graph) {
    this.graph = graph;
  }

  /** What the last product of a branch reads, the neurons after their activation, or null. */
  @Nullable String post(String branch) {
    NodeProto node = graph.producer(branch);
    for (int step = 0; node != null && step < MAX_STEPS; step++) {
      if (StandardOps.PRODUCT.contains(node.getOpType())) {
        return read(node);
      }
      if (!AFTER.contains(node.getOpType())) {
        return null;
      }
      String input = onlyVariable(node);
      node = input == null ? null : graph.producer(input);
    }
    return null;
  }

  /** The activation that a product reads, before it was reshaped or rounded for it, or null. */
  @Nullable String read(NodeProto product) {
    NodeProto reader = product;
    for (int step = 0; step < MAX_STEPS && reader.getInputCount() > 0; step++) {
      String tensor = reader.getInput(0);
      NodeProto node = graph.producer(tensor);
      if (node == null || graph.isConstant(tensor)) {
        return null;
      }
      if (!BEFORE.contains(node.getOpType())) {
        return tensor;
      }
      reader = node;
    }
    return null;
  }

  /**
   * The input that is computed by a product, of the two that a quantised product's scale leaves;
   * null when two branches come together.
   */
  private @Nullable String onlyVariable(NodeProto node) {
    String found = null;
    for (String input : node.getInputList()) {
      if (graph.isConstant(input) || isScale(input)) {
        continue;
      }
      if (found != null) {
        return null;
      }
      found = input;
    }
    return found;
  }

  /** Whether a tensor is the scale that a quantised product is multiplied with. */
  private boolean isScale(String tensor) {
    NodeProto node = graph.producer(tensor);
    if (node != null && node.getOpType().equals("Mul")) {
      return node.getInputList().stream()
          .anyMatch(
              input -> {
                NodeProto producer = graph.producer(input);
                return producer != null
                    && producer.getOpType().equals("DynamicQuantizeLinear")
                    && producer.getOutputCount() > 1
                    && producer.getOutput(1).equals(input);
              });
    }
    return false;
  }
}
