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
   * @param tensor its activation
   */
  List<String> inputs(int number, Site.Edit edit, TensorInfo tensor) {
    String site = PREFIX + number + "/";
    return edit == Site.Edit.ADD
        ? List.of(input(site + "add", tensor))
        : List.of(input(site + "mask", tensor), input(site + "values", tensor));
  }

  private String input(String name, TensorInfo tensor) {
    TypeProto.Tensor.Builder type =
        TypeProto.Tensor.newBuilder().setElemType(ElementType.FLOAT.number());
    if (tensor.shape() != null) {
      type.setShape(shape(tensor.shape()));
    }
    graph.addInput(
        ValueInfoProto.newBuilder()
            .setName(name)
            .setType(TypeProto.newBuilder().setTensorType(type)));
    return name;
  }

  /**
   * Sizes that the activation's shape survives in the runtime's inference: the same symbols, for
   * different ones together make an unknown size, and fusions that ask for shapes would be lost.
   * Sizes other than 1 stay open, so that a size of 1 can be fed.
   */
  private static TensorShapeProto shape(List<Dimension> activation) {
    TensorShapeProto.Builder shape = TensorShapeProto.newBuilder();
    for (Dimension dimension : activation) {
      TensorShapeProto.Dimension.Builder one = shape.addDimBuilder();
      if (dimension.symbol() != null) {
        one.setDimParam(dimension.symbol());
      } else if (dimension.size() == 1) {
        one.setDimValue(1);
      }
    }
    return shape.build();
  }

  /**
   * Makes a tensor of the old name from the renamed one by way of its sites.
   *
   * @param tensor the tensor as the model knows it
   * @param sites the inputs of each site on this tensor, in order
   */
  void recreate(TensorInfo tensor, String renamed, List<List<String>> sites) {
    String name = tensor.name();
    ElementType type = tensor.type();
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
