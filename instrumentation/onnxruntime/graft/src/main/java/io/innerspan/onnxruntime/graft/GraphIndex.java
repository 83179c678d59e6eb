package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.onnx.GraphProto;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto;
import io.innerspan.onnxruntime.graft.onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who produces and who consumes each tensor of a graph. Nodes are known by their position. */
final class GraphIndex {
  private final List<NodeProto> nodes;
  private final Map<String, Integer> producers = new HashMap<>();
  private final Map<String, List<Integer>> consumers = new HashMap<>();
  private final Map<String, TensorProto> initializers = new HashMap<>();
  private final Set<String> constants = new HashSet<>();
  private final Set<String> outputs = new HashSet<>();

  GraphIndex(GraphProto graph) {
    nodes = graph.getNodeList();
    for (TensorProto initializer : graph.getInitializerList()) {
      initializers.put(initializer.getName(), initializer);
    }
    for (ValueInfoProto output : graph.getOutputList()) {
      outputs.add(output.getName());
    }
    // The empty name stands for an optional input that is not given.
    constants.add("");
    constants.addAll(initializers.keySet());
    for (int i = 0; i < nodes.size(); i++) {
      add(i);
    }
  }

  private void add(int position) {
    NodeProto node = nodes.get(position);
    for (String input : node.getInputList()) {
      consumers.computeIfAbsent(input, name -> new ArrayList<>(2)).add(position);
    }
    boolean constant =
        node.getOpType().equals("Constant")
            || (node.getInputCount() > 0 && constants.containsAll(node.getInputList()));
    for (String output : node.getOutputList()) {
      if (!output.isEmpty()) {
        producers.putIfAbsent(output, position);
        if (constant) {
          constants.add(output);
        }
      }
    }
  }

  int size() {
    return nodes.size();
  }

  NodeProto node(int position) {
    return nodes.get(position);
  }

  /** The position of the node that computes a tensor, or -1 for inputs and initializers. */
  int producerPosition(String tensor) {
    return producers.getOrDefault(tensor, -1);
  }

  @Nullable NodeProto producer(String tensor) {
    int position = producerPosition(tensor);
    return position < 0 ? null : nodes.get(position);
  }

  List<Integer> consumerPositions(String tensor) {
    return consumers.getOrDefault(tensor, List.of());
  }

  @Nullable TensorProto initializer(String tensor) {
    return initializers.get(tensor);
  }

  boolean isGraphOutput(String tensor) {
    return outputs.contains(tensor);
  }

  /** Whether a tensor depends on no input: an initializer, or computed from such only. */
  boolean isConstant(String tensor) {
    return constants.contains(tensor);
  }

  /** The tensor behind any operators that only rename it, or round it to 8 bits and back. */
  String canonical(String tensor) {
    String name = tensor;
    for (String before = renames(name); before != null; before = renames(name)) {
      name = before;
    }
    return name;
  }

  private @Nullable String renames(String tensor) {
    NodeProto node = producer(tensor);
    if (node == null || node.getInputCount() == 0) {
      return null;
    }
    String before = node.getInput(0);
    if (node.getOpType().equals("DequantizeLinear")) {
      NodeProto quantize = producer(before);
      if (quantize == null
          || !quantize.getOpType().equals("QuantizeLinear")
          || quantize.getInputCount() == 0) {
        return null;
      }
      before = quantize.getInput(0);
    } else if (!StandardOps.PASS_THROUGH.contains(node.getOpType())) {
      return null;
    }
    // A cycle is no valid graph, but a hostile one must not hang us.
    return producerPosition(before) < producerPosition(tensor) ? before : null;
  }
}
