package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.TapPoint.Layout;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Tells what the dimensions of a tensor mean: by their number, and by whether it comes from a
 * convolution, whose channels are the second dimension.
 */
final class Layouts {
  private static final Set<String> CHANNELS_FIRST =
      Set.of(
          "AveragePool",
          "BatchNormalization",
          "Conv",
          "ConvInteger",
          "ConvTranspose",
          "DepthToSpace",
          "GlobalAveragePool",
          "GlobalMaxPool",
          "GroupNormalization",
          "InstanceNormalization",
          "LRN",
          "MaxPool",
          "QLinearConv",
          "SpaceToDepth");

  /** Operators that leave the dimensions where they are. */
  private static final Set<String> IN_PLACE =
      Set.of(
          "Abs",
          "Add",
          "Cast",
          "Celu",
          "Clip",
          "Concat",
          "DequantizeLinear",
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
          "Mish",
          "Mul",
          "Neg",
          "PRelu",
          "Pad",
          "Pow",
          "QuantizeLinear",
          "QuickGelu",
          "Relu",
          "Resize",
          "Selu",
          "Sigmoid",
          "Slice",
          "Softplus",
          "Split",
          "Sqrt",
          "Sub",
          "Sum",
          "Tanh",
          "Upsample",
          "Where");

  private static final int MAX_STEPS = 200;

  private final GraphIndex graph;
  private final Tensors tensors;

  Layouts(GraphIndex graph, Tensors tensors) {
    this.graph = graph;
    this.tensors = tensors;
  }

  Layout of(String tensor) {
    int rank = tensors.get(tensor).rank();
    if (rank == 2) {
      return Layout.ROWS;
    }
    if (rank >= 3 && channelsFirst(tensor)) {
      return Layout.CHANNELS;
    }
    return rank == 3 ? Layout.TOKENS : Layout.OTHER;
  }

  private boolean channelsFirst(String tensor) {
    if (isFlattenedMap(tensor) || feedsConvolution(tensor)) {
      return true;
    }
    Deque<String> queue = new ArrayDeque<>(Set.of(tensor));
    Set<String> seen = new HashSet<>(queue);
    int rank = tensors.get(tensor).rank();
    while (!queue.isEmpty() && seen.size() < MAX_STEPS) {
      NodeProto node = graph.producer(queue.remove());
      if (node == null) {
        continue;
      }
      if (CHANNELS_FIRST.contains(node.getOpType())) {
        return true;
      }
      if (IN_PLACE.contains(node.getOpType())) {
        for (String input : node.getInputList()) {
          if (!graph.isConstant(input) && tensors.get(input).rank() == rank && seen.add(input)) {
            queue.add(input);
          }
        }
      }
    }
    return false;
  }

  private boolean feedsConvolution(String tensor) {
    return graph.consumerPositions(tensor).stream()
        .map(graph::node)
        .anyMatch(
            node -> CHANNELS_FIRST.contains(node.getOpType()) && node.getInput(0).equals(tensor));
  }

  /** Whether a tensor is an image with its two dimensions made one, the channels still second. */
  private boolean isFlattenedMap(String tensor) {
    NodeProto node = graph.producer(tensor);
    if (node == null || !node.getOpType().equals("Reshape")) {
      return false;
    }
    List<Dimension> before = tensors.get(node.getInput(0)).shape();
    List<Dimension> after = tensors.get(tensor).shape();
    return before != null
        && after != null
        && before.size() > 3
        && after.size() == 3
        && before.get(1).isFixed()
        && before.get(1).size() == after.get(1).size()
        && channelsFirst(node.getInput(0));
  }
}
