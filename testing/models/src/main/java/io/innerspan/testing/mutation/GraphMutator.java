package io.innerspan.testing.mutation;

import io.innerspan.onnxruntime.graft.onnx.GraphProto;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import io.innerspan.onnxruntime.graft.onnx.TensorShapeProto;
import io.innerspan.onnxruntime.graft.onnx.TypeProto;
import io.innerspan.onnxruntime.graft.onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Damages a graph: who reads what, nodes, inputs and outputs. */
final class GraphMutator {
  private final Random random;
  private final NodeMutator nodes;
  private final TensorMutator tensors;

  GraphMutator(Random random) {
    this.random = random;
    nodes = new NodeMutator(random);
    tensors = new TensorMutator(random);
  }

  void mutate(GraphProto.Builder graph) {
    int kind = random.nextInt(20);
    if (kind < 5 && graph.getInitializerCount() > 0) {
      initializer(graph);
    } else if (kind < 8) {
      value(graph);
    } else if (graph.getNodeCount() > 0) {
      node(graph, kind);
    }
  }

  private void initializer(GraphProto.Builder graph) {
    int at = random.nextInt(graph.getInitializerCount());
    switch (random.nextInt(8)) {
      case 0 -> graph.removeInitializer(at);
      case 1 -> graph.addInitializer(graph.getInitializer(at));
      case 2 -> graph.getInitializerBuilder(at).setName(name(graph));
      default -> tensors.mutate(graph.getInitializerBuilder(at));
    }
  }

  private void value(GraphProto.Builder graph) {
    switch (random.nextInt(6)) {
      case 0 -> graph.addOutput(ValueInfoProto.newBuilder().setName(name(graph)));
      case 1 -> {
        if (graph.getOutputCount() > 0) {
          damage(graph.getOutputBuilder(random.nextInt(graph.getOutputCount())));
        }
      }
      case 2 -> {
        if (graph.getInputCount() > 0) {
          graph.removeInput(random.nextInt(graph.getInputCount()));
        }
      }
      case 3 -> {
        ValueInfoProto.Builder value = graph.addValueInfoBuilder().setName(name(graph));
        damage(value);
      }
      default -> {
        if (graph.getInputCount() > 0) {
          damage(graph.getInputBuilder(random.nextInt(graph.getInputCount())));
        }
      }
    }
  }

  private void damage(ValueInfoProto.Builder value) {
    TypeProto.Builder type = value.getTypeBuilder();
    switch (random.nextInt(6)) {
      case 0 -> value.clearType();
      case 1 -> type.setSequenceType(TypeProto.OpaqueType.getDefaultInstance());
      case 2 -> type.getTensorTypeBuilder().setElemType(random.nextInt(24));
      case 3 -> type.getTensorTypeBuilder().clearShape();
      default -> {
        TensorShapeProto.Builder shape = type.getTensorTypeBuilder().getShapeBuilder();
        if (shape.getDimCount() == 0 || random.nextInt(3) == 0) {
          shape.addDimBuilder().setDimParam("batch");
        } else {
          shape
              .getDimBuilder(random.nextInt(shape.getDimCount()))
              .setDimValue(TensorMutator.size(random));
        }
      }
    }
  }

  private void node(GraphProto.Builder graph, int kind) {
    int at = random.nextInt(graph.getNodeCount());
    NodeProto.Builder node = graph.getNodeBuilder(at);
    switch (kind) {
      case 8 -> graph.removeNode(at);
      case 9 -> graph.addNode(random.nextInt(graph.getNodeCount() + 1), node.build());
      case 10 -> {
        NodeProto moved = node.build();
        graph.removeNode(at);
        graph.addNode(random.nextInt(graph.getNodeCount() + 1), moved);
      }
      case 11 -> {
        if (node.getOutputCount() > 0) {
          node.setOutput(random.nextInt(node.getOutputCount()), name(graph));
        }
      }
      case 12 -> chain(graph, node.build());
      case 13, 14 -> {
        if (node.getInputCount() > 0) {
          node.setInput(random.nextInt(node.getInputCount()), name(graph));
        }
      }
      default -> nodes.mutate(node, graph);
    }
  }

  /** The same node many times over, each reading the one before. */
  private void chain(GraphProto.Builder graph, NodeProto node) {
    if (node.getInputCount() == 0 || node.getOutputCount() == 0) {
      return;
    }
    String before = node.getInput(0);
    int copies = 1 + random.nextInt(random.nextInt(8) == 0 ? 200 : 6);
    List<NodeProto> chain = new ArrayList<>();
    for (int i = 0; i < copies; i++) {
      String output = node.getOutput(0) + "_copy_" + i;
      chain.add(node.toBuilder().setInput(0, before).setOutput(0, output).build());
      before = output;
    }
    graph.addAllNode(chain);
  }

  /** The name of a tensor of the graph, or one that it has not. */
  private String name(GraphProto.Builder graph) {
    NodeProto node =
        graph.getNodeCount() == 0 ? null : graph.getNode(random.nextInt(graph.getNodeCount()));
    return switch (random.nextInt(12)) {
      case 0 -> "";
      case 1 -> "innerspan/reading";
      case 2 -> "\u0000\n\ud83d\ude00";
      case 3 -> "n".repeat(1 + random.nextInt(5000));
      case 4 ->
          graph.getInputCount() == 0
              ? "none"
              : graph.getInput(random.nextInt(graph.getInputCount())).getName();
      case 5 ->
          graph.getInitializerCount() == 0
              ? "none"
              : graph.getInitializer(random.nextInt(graph.getInitializerCount())).getName();
      default -> node == null || node.getOutputCount() == 0 ? "none" : node.getOutput(0);
    };
  }
}
