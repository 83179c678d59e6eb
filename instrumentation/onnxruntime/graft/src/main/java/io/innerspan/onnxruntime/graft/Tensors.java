package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.onnx.GraphProto;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto;
import io.innerspan.onnxruntime.graft.onnx.TensorShapeProto;
import io.innerspan.onnxruntime.graft.onnx.TypeProto;
import io.innerspan.onnxruntime.graft.onnx.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The type and shape of each tensor of a graph: declared, or else inferred along the nodes. */
final class Tensors {
  private final Map<String, TensorInfo> tensors = new HashMap<>();

  Tensors(GraphProto graph, GraphIndex index) {
    for (TensorProto initializer : graph.getInitializerList()) {
      long[] dims = initializer.getDimsList().stream().mapToLong(Long::longValue).toArray();
      ElementType type = ElementType.of(initializer.getDataType());
      put(new TensorInfo(initializer.getName(), type, Dimension.fixed(dims)));
    }
    graph.getInputList().forEach(input -> put(declared(input)));
    graph.getValueInfoList().forEach(value -> put(declared(value)));
    graph.getOutputList().forEach(output -> put(declared(output)));
    Shapes shapes = new Shapes(index, name -> get(name).shape());
    for (NodeProto node : graph.getNodeList()) {
      for (int i = 0; i < node.getOutputCount(); i++) {
        if (!node.getOutput(i).isEmpty()) {
          put(inferred(node, i, shapes));
        }
      }
    }
  }

  /** What is known of a tensor, which may be nothing. */
  TensorInfo get(String name) {
    TensorInfo tensor = tensors.get(name);
    return tensor == null ? new TensorInfo(name, ElementType.UNKNOWN, null) : tensor;
  }

  private TensorInfo inferred(NodeProto node, int output, Shapes shapes) {
    TensorInfo declared = get(node.getOutput(output));
    ElementType type =
        declared.type() != ElementType.UNKNOWN
            ? declared.type()
            : ElementTypes.infer(node, output, name -> get(name).type());
    return new TensorInfo(
        declared.name(), type, merge(declared.shape(), shapes.infer(node, output)));
  }

  private void put(TensorInfo tensor) {
    tensors.put(tensor.name(), tensor);
  }

  /** The declared shape, with the fixed sizes that only inference knows. */
  private static @Nullable List<Dimension> merge(
      @Nullable List<Dimension> declared, @Nullable List<Dimension> inferred) {
    if (declared == null || inferred == null || declared.size() != inferred.size()) {
      return declared == null ? inferred : declared;
    }
    List<Dimension> result = new ArrayList<>();
    for (int i = 0; i < declared.size(); i++) {
      Dimension dim = declared.get(i);
      boolean better = !dim.isFixed() && (inferred.get(i).isFixed() || dim.symbol() == null);
      result.add(better ? inferred.get(i) : dim);
    }
    return result;
  }

  static TensorInfo declared(ValueInfoProto value) {
    TypeProto.Tensor tensor = value.getType().getTensorType();
    List<Dimension> shape = null;
    if (tensor.hasShape()) {
      shape = new ArrayList<>();
      for (TensorShapeProto.Dimension dim : tensor.getShape().getDimList()) {
        shape.add(dimension(dim));
      }
    }
    return new TensorInfo(value.getName(), ElementType.of(tensor.getElemType()), shape);
  }

  private static Dimension dimension(TensorShapeProto.Dimension dim) {
    if (dim.hasDimValue() && dim.getDimValue() >= 0) {
      return Dimension.fixed(dim.getDimValue());
    }
    return dim.getDimParam().isEmpty() ? Dimension.UNKNOWN : Dimension.symbolic(dim.getDimParam());
  }
}
