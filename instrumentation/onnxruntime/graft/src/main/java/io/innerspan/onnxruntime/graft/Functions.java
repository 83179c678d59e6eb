package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.onnx.FunctionProto;
import io.innerspan.onnxruntime.graft.onnx.GraphProto;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts the bodies of the functions that a model defines in the places where they are called, as
 * ONNX Runtime does, so that layers are found through them.
 *
 * <p>This is for looking only: what lies inside of a function has no name that one could read, and
 * none of its nodes is ever copied.
 */
final class Functions {
  /** What the names of tensors inside of functions begin with. */
  private static final String INSIDE = ModelReader.PREFIX + "function/";

  private static final int MAX_NODES = 1_000_000;
  private static final int MAX_DEPTH = 32;

  private final Map<String, FunctionProto> functions = new HashMap<>();
  private final GraphProto.Builder graph;
  private int calls;

  private Functions(ModelProto model) {
    for (FunctionProto function : model.getFunctionsList()) {
      functions.put(function.getDomain() + "::" + function.getName(), function);
    }
    graph = model.getGraph().toBuilder().clearNode();
  }

  /** Whether a tensor exists in a function's body only. */
  static boolean isInside(String tensor) {
    return tensor.startsWith(INSIDE);
  }

  /** The graph with the bodies in the places of the calls. */
  static GraphProto inlined(ModelProto model) throws ModelRefusedException {
    if (model.getFunctionsCount() == 0) {
      return model.getGraph();
    }
    Functions functions = new Functions(model);
    functions.addAll(model.getGraph().getNodeList(), 0);
    return functions.graph.build();
  }

  private void addAll(List<NodeProto> nodes, int depth) throws ModelRefusedException {
    for (NodeProto node : nodes) {
      FunctionProto function = functions.get(node.getDomain() + "::" + node.getOpType());
      if (function == null) {
        graph.addNode(node);
      } else if (depth == MAX_DEPTH) {
        throw new ModelRefusedException(
            "functions call each other more than " + MAX_DEPTH + " deep: " + function.getName());
      } else {
        addAll(body(function, node), depth + 1);
      }
      if (graph.getNodeCount() > MAX_NODES) {
        throw new ModelRefusedException(
            "the model's functions make it larger than " + MAX_NODES + " nodes");
      }
    }
  }

  private List<NodeProto> body(FunctionProto function, NodeProto call) {
    Map<String, String> names = new HashMap<>();
    for (int i = 0; i < function.getInputCount(); i++) {
      names.put(function.getInput(i), i < call.getInputCount() ? call.getInput(i) : "");
    }
    for (int i = 0; i < function.getOutputCount() && i < call.getOutputCount(); i++) {
      if (!call.getOutput(i).isEmpty()) {
        names.put(function.getOutput(i), call.getOutput(i));
      }
    }
    String prefix = INSIDE + calls++ + "/";
    return function.getNodeList().stream().map(node -> renamed(node, names, prefix)).toList();
  }

  private static NodeProto renamed(NodeProto node, Map<String, String> names, String prefix) {
    NodeProto.Builder copy = node.toBuilder().clearInput().clearOutput();
    for (String input : node.getInputList()) {
      copy.addInput(name(input, names, prefix));
    }
    for (String output : node.getOutputList()) {
      copy.addOutput(name(output, names, prefix));
    }
    return copy.build();
  }

  private static String name(String formal, Map<String, String> names, String prefix) {
    return formal.isEmpty() ? "" : names.computeIfAbsent(formal, any -> prefix + formal);
  }
}
