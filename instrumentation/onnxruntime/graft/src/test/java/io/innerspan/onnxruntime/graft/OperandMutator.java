package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Takes inputs and outputs from one node of a model, in every way for every node. */
final class OperandMutator {
  private static final List<Consumer<NodeProto.Builder>> WAYS =
      List.of(
          NodeProto.Builder::clearOutput,
          NodeProto.Builder::clearInput,
          node -> {
            if (node.getOutputCount() > 0) {
              node.setOutput(0, "");
            }
          },
          node -> {
            if (node.getInputCount() > 0) {
              node.setInput(0, "");
            }
          },
          node -> {
            if (node.getInputCount() > 1) {
              String first = node.getInput(0);
              node.clearInput().addInput(first);
            }
          });

  private OperandMutator() {}

  static List<ModelProto> all(List<ModelProto> models) {
    List<ModelProto> damaged = new ArrayList<>();
    for (ModelProto model : models) {
      for (int node = 0; node < model.getGraph().getNodeCount(); node++) {
        for (Consumer<NodeProto.Builder> way : WAYS) {
          ModelProto.Builder copy = model.toBuilder();
          way.accept(copy.getGraphBuilder().getNodeBuilder(node));
          damaged.add(copy.build());
        }
      }
    }
    return damaged;
  }
}
