package io.innerspan.testing.mutation;

import com.google.protobuf.ByteString;
import io.innerspan.onnxruntime.graft.onnx.AttributeProto;
import io.innerspan.onnxruntime.graft.onnx.AttributeProto.AttributeType;
import io.innerspan.onnxruntime.graft.onnx.GraphProto;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import java.util.List;
import java.util.Random;

/** Damages a node: its operator, its inputs' order and number, its attributes. */
final class NodeMutator {
  private static final List<String> OPERATORS =
      List.of(
          "Add",
          "Attention",
          "Cast",
          "Concat",
          "Constant",
          "Conv",
          "DequantizeLinear",
          "Div",
          "DynamicQuantizeLinear",
          "Einsum",
          "Flatten",
          "Gather",
          "Gemm",
          "GroupQueryAttention",
          "Identity",
          "If",
          "LayerNormalization",
          "MatMul",
          "MatMulInteger",
          "Mul",
          "MultiHeadAttention",
          "NoSuchOperator",
          "Pow",
          "RMSNormalization",
          "ReduceMean",
          "Reshape",
          "Shape",
          "SkipLayerNormalization",
          "Slice",
          "Softmax",
          "Split",
          "Sqrt",
          "Squeeze",
          "Sub",
          "Tanh",
          "Transpose",
          "Unsqueeze",
          "Where");
  private static final List<String> ATTRIBUTES =
      List.of(
          "axis", "axes", "perm", "to", "value", "num_heads", "transB", "keepdims", "then_branch");

  private final Random random;

  NodeMutator(Random random) {
    this.random = random;
  }

  void mutate(NodeProto.Builder node, GraphProto.Builder graph) {
    switch (random.nextInt(9)) {
      case 0 -> node.setOpType(OPERATORS.get(random.nextInt(OPERATORS.size())));
      case 1 -> swap(node);
      case 2 -> {
        if (node.getInputCount() > 0) {
          List<String> fewer = node.getInputList().subList(0, random.nextInt(node.getInputCount()));
          List<String> kept = List.copyOf(fewer);
          node.clearInput().addAllInput(kept);
        }
      }
      case 3 -> node.addInput(node.getInputCount() == 0 ? "" : node.getInput(0));
      case 4 -> node.setDomain(random.nextBoolean() ? "com.microsoft" : "");
      case 5 -> node.addOutput(random.nextBoolean() ? "" : node.getName() + "_more");
      default -> attribute(node, graph);
    }
  }

  private void swap(NodeProto.Builder node) {
    if (node.getInputCount() > 1) {
      int a = random.nextInt(node.getInputCount());
      int b = random.nextInt(node.getInputCount());
      String input = node.getInput(a);
      node.setInput(a, node.getInput(b)).setInput(b, input);
    }
  }

  private void attribute(NodeProto.Builder node, GraphProto.Builder graph) {
    if (node.getAttributeCount() == 0 || random.nextInt(6) == 0) {
      value(
          node.addAttributeBuilder().setName(ATTRIBUTES.get(random.nextInt(ATTRIBUTES.size()))),
          graph);
      return;
    }
    int at = random.nextInt(node.getAttributeCount());
    switch (random.nextInt(6)) {
      case 0 -> node.removeAttribute(at);
      case 1 -> node.addAttribute(node.getAttribute(at));
      case 2 ->
          node.getAttributeBuilder(at).setName(ATTRIBUTES.get(random.nextInt(ATTRIBUTES.size())));
      default -> value(node.getAttributeBuilder(at), graph);
    }
  }

  private void value(AttributeProto.Builder attribute, GraphProto.Builder graph) {
    switch (random.nextInt(8)) {
      case 0 -> attribute.setType(AttributeType.INT).setI(TensorMutator.size(random));
      case 1 -> attribute.setI(random.nextInt(5) - 2);
      case 2 -> attribute.setF(random.nextBoolean() ? Float.NaN : random.nextFloat());
      case 3 -> attribute.setType(AttributeType.INTS).addInts(TensorMutator.size(random));
      case 4 -> attribute.clearInts();
      case 5 -> attribute.setType(AttributeType.forNumber(random.nextInt(15)));
      case 6 -> attribute.setS(ByteString.copyFromUtf8("\u0000text"));
      default -> {
        // The graph inside itself, once: a body that looks like the whole.
        if (graph.getNodeCount() < 400) {
          attribute.setType(AttributeType.GRAPH).setG(graph.clone().clearInput().build());
        }
      }
    }
  }
}
