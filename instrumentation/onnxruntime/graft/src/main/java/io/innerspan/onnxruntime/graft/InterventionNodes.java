package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.onnx.AttributeProto;
import io.innerspan.onnxruntime.graft.onnx.GraphProto;
import io.innerspan.onnxruntime.graft.onnx.ModelProto;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import io.innerspan.onnxruntime.graft.onnx.TensorShapeProto;
import io.innerspan.onnxruntime.graft.onnx.TypeProto;
import io.innerspan.onnxruntime.graft.onnx.ValueInfoProto;
import java.util.List;

/** Collects the inputs and nodes that make the old tensors from the renamed ones. */
final class InterventionNodes {
  /** What the names of added inputs, nodes and tensors begin with. */
  static final String PREFIX = ModelReader.PREFIX + "intervention/";

  private final GraphProto.Builder graph = GraphProto.newBuilder();
  private int next;

  /**
   * Adds a site's inputs.
   *
   * @param number of the site among all
   * @param rank of its activation, or -1
   */
  List<String> inputs(int number, Site.Edit edit, int rank) {
    String site = PREFIX + number + "/";
    return edit == Site.Edit.ADD
        ? List.of(input(site + "add", rank))
        : List.of(input(site + "mask", rank), input(site + "values", rank));
  }

  private String input(String name, int rank) {
    TypeProto.Tensor.Builder tensor =
        TypeProto.Tensor.newBuilder().setElemType(ElementType.FLOAT.number());
    if (rank >= 0) {
      TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
      for (int axis = 0; axis < rank; axis++) {
        shape.addDimBuilder();
      }
      tensor.setShape(shape);
    }
    graph.addInput(
        ValueInfoProto.newBuilder()
            .setName(name)
            .setType(TypeProto.newBuilder().setTensorType(tensor)));
    return name;
  }

  /**
   * Makes a tensor of the old name from the renamed one by way of its sites.
   *
   * @param sites the inputs of each site on this tensor, in order
   */
  void recreate(String name, String renamed, ElementType type, List<List<String>> sites) {
    // Half precision is exact in single precision; the runtime lacks operators for some of it.
    ElementType computed = type == ElementType.DOUBLE ? type : ElementType.FLOAT;
    String value = computed == type ? renamed : cast(renamed, computed);
    for (int i = 0; i < sites.size(); i++) {
      boolean last = i == sites.size() - 1 && computed == type;
      value = edit(last ? name : PREFIX + next++, value, computed, sites.get(i));
    }
    if (computed != type) {
      node(name, "Cast", List.of(value), to(type));
    }
  }

  private String edit(String output, String value, ElementType type, List<String> inputs) {
    String last = inputs.get(inputs.size() - 1);
    String given = type == ElementType.FLOAT ? last : cast(last, type);
    if (inputs.size() == 1) {
      return node(output, "Add", List.of(value, given));
    }
    return node(output, "Where", List.of(cast(inputs.get(0), ElementType.BOOL), given, value));
  }

  private String cast(String tensor, ElementType type) {
    return node(PREFIX + next++, "Cast", List.of(tensor), to(type));
  }

  private static AttributeProto to(ElementType type) {
    return OverlayGraph.integer("to", type.number());
  }

  private String node(
      String output, String operator, List<String> inputs, AttributeProto... attributes) {
    graph.addNode(
        NodeProto.newBuilder()
            .setName(PREFIX + operator + "_" + next++)
            .setOpType(operator)
            .addAllInput(inputs)
            .addOutput(output)
            .addAllAttribute(List.of(attributes)));
    return output;
  }

  byte[] bytes() {
    return ModelProto.newBuilder().setGraph(graph).build().toByteArray();
  }
}
