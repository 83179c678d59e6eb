package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto;
import java.util.HashSet;
import java.util.Set;

/**
 * Whether a tail gives the same logits for an activation alone as among all others, so that it can
 * be applied to any of them, put together in any way.
 *
 * <p>Only what is known to treat positions one by one counts. A quantisation with a scale found at
 * run time, for one, does not: the scale is that of all positions together.
 */
final class PositionWise {
  /** Element by element, with constants that are the same for each position. */
  private static final Set<String> ELEMENTWISE =
      Set.of(
          "Abs",
          "Add",
          "BiasGelu",
          "Cast",
          "Clip",
          "Div",
          "Dropout",
          "Elu",
          "Erf",
          "Exp",
          "FastGelu",
          "Gelu",
          "HardSigmoid",
          "HardSwish",
          "Identity",
          "LeakyRelu",
          "Log",
          "Max",
          "Min",
          "Mul",
          "Neg",
          "Pow",
          "QuickGelu",
          "Reciprocal",
          "Relu",
          "Selu",
          "Sigmoid",
          "Softplus",
          "Sqrt",
          "Sub",
          "Tanh");

  private static final Set<String> REDUCTIONS =
      Set.of("ReduceL2", "ReduceMax", "ReduceMean", "ReduceSum", "ReduceSumSquare");

  private static final int LAST_AXIS = 2;

  private final GraphIndex graph;

  PositionWise(GraphIndex graph) {
    this.graph = graph;
  }

  boolean holds(Tail tail) {
    if (tail.scope() != Tail.Scope.TOKENS) {
      return false;
    }
    Set<String> stream = new HashSet<>(Set.of(tail.start()));
    for (NodeProto node : tail.nodes()) {
      for (String input : node.getInputList()) {
        if (!stream.contains(input) && !graph.isConstant(input)) {
          return false;
        }
      }
      if (!holds(node, stream)) {
        return false;
      }
      stream.addAll(node.getOutputList());
    }
    return true;
  }

  private boolean holds(NodeProto node, Set<String> stream) {
    String operator = node.getOpType();
    if (ELEMENTWISE.contains(operator)) {
      return node.getInputList().stream().allMatch(in -> stream.contains(in) || isOneRow(in));
    }
    if (StandardOps.NORMALIZATION.contains(operator)) {
      long axis = Integers.attribute(node, "axis", -1);
      return axis == -1 || axis == LAST_AXIS;
    }
    if (REDUCTIONS.contains(operator)) {
      long[] axes = Integers.axes(graph, node);
      return axes != null
          && axes.length == 1
          && (axes[0] == -1 || axes[0] == LAST_AXIS)
          && Integers.attribute(node, "keepdims", 1) == 1;
    }
    return (operator.equals("MatMul") || operator.equals("MatMulNBits"))
        && node.getInputCount() >= 2
        && stream.contains(node.getInput(0))
        && !stream.contains(node.getInput(1));
  }

  /** Whether a constant has no dimension but the last one, as far as it is an initializer. */
  private boolean isOneRow(String constant) {
    TensorProto initializer = graph.initializer(constant);
    if (initializer == null) {
      return true;
    }
    for (int axis = 0; axis < initializer.getDimsCount() - 1; axis++) {
      if (initializer.getDims(axis) != 1) {
        return false;
      }
    }
    return true;
  }
}
