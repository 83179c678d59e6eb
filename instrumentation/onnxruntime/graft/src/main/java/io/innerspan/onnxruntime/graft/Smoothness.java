package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells models whose numbers move in steps too coarse for differences: what is between two close
 * values of a rounded function is no derivative.
 */
final class Smoothness {
  /** Operators that round activations to integers, beside those with a prefix. */
  private static final Set<String> INTEGERS =
      Set.of(
          "ConvInteger",
          "MatMulInteger",
          "MatMulInteger16",
          "MatMulIntegerToFloat",
          "QAttention",
          "QGemm",
          "QuantizeLinear");

  private static final List<String> INTEGER_PREFIXES =
      List.of("DynamicQuantize", "QLinear", "QOrdered");

  /** {@code accuracy_level} of MatMulNBits that rounds activations to 8 bits. */
  private static final long EIGHT_BITS = 4;

  private final GraphIndex graph;

  private Smoothness(GraphIndex graph) {
    this.graph = graph;
  }

  /** Why differences of a model's outputs tell no derivative, or null when they do. */
  static @Nullable String refusal(OnnxModel model) {
    Smoothness smoothness = new Smoothness(new GraphIndex(model.graph()));
    for (NodeProto node : model.nodes().toList()) {
      String refusal = smoothness.refusal(node);
      if (refusal != null) {
        return refusal;
      }
    }
    return null;
  }

  private @Nullable String refusal(NodeProto node) {
    String operator = node.getOpType();
    if (node.getInputCount() == 0 || graph.isConstant(node.getInput(0))) {
      return null;
    }
    boolean integers =
        INTEGERS.contains(operator)
            || INTEGER_PREFIXES.stream().anyMatch(operator::startsWith)
            || (operator.equals("MatMulNBits")
                && Integers.attribute(node, "accuracy_level", 0) == EIGHT_BITS);
    if (integers) {
      return "quantised: " + operator + " rounds activations to integers";
    }
    ElementType to =
        operator.equals("Cast")
            ? ElementType.of((int) Integers.attribute(node, "to", 0))
            : ElementType.UNKNOWN;
    boolean half = to == ElementType.FLOAT16 || to == ElementType.BFLOAT16;
    return half ? "half precision: Cast rounds activations to " + to : null;
  }
}
