package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The shapes of what a Reshape makes, as far as its target shape is fixed. */
final class ReshapeShapes {
  private final GraphIndex graph;
  private final Function<String, @Nullable List<Dimension>> known;

  ReshapeShapes(GraphIndex graph, Function<String, @Nullable List<Dimension>> known) {
    this.graph = graph;
    this.known = known;
  }

  @Nullable List<Dimension> reshape(NodeProto node) {
    if (node.getInputCount() < 2) {
      return null;
    }
    List<Dimension> shape = input(node, 0);
    List<Dimension> target = target(node.getInput(1));
    if (target == null) {
      return null;
    }
    List<Dimension> result = new ArrayList<>();
    for (int i = 0; i < target.size(); i++) {
      Dimension dim = target.get(i);
      // In a target shape 0 copies the dimension and -1 takes what is left.
      if (dim.size() == 0 && shape != null && i < shape.size()) {
        result.add(shape.get(i));
      } else {
        result.add(dim.size() > 0 ? dim : Dimension.UNKNOWN);
      }
    }
    return result;
  }

  /** The shape of an Expand, as far as its target shape and its input tell. */
  @Nullable List<Dimension> expand(NodeProto node) {
    List<Dimension> shape = input(node, 0);
    List<Dimension> target = node.getInputCount() < 2 ? null : target(node.getInput(1));
    if (shape == null || target == null) {
      return null;
    }
    List<Dimension> result = new ArrayList<>(target);
    int offset = target.size() - shape.size();
    for (int i = 0; offset >= 0 && i < shape.size(); i++) {
      // A dimension of 1 is repeated; in the target 1 leaves a dimension as it is.
      boolean repeated = shape.get(i).size() == 1;
      result.set(offset + i, repeated ? target.get(offset + i) : shape.get(i));
    }
    return offset < 0 ? null : result;
  }

  /** A target shape: fixed, or put together of single sizes some of which are fixed. */
  private @Nullable List<Dimension> target(String tensor) {
    long[] fixed = Integers.of(graph, tensor);
    if (fixed != null) {
      return Dimension.fixed(fixed);
    }
    NodeProto producer = graph.producer(tensor);
    if (producer == null || !producer.getOpType().equals("Concat")) {
      return null;
    }
    List<Dimension> result = new ArrayList<>();
    for (String part : producer.getInputList()) {
      long[] values = Integers.of(graph, part);
      List<Dimension> shape = known.apply(part);
      if (values != null) {
        result.addAll(Dimension.fixed(values));
      } else if (shape != null && shape.size() == 1 && shape.get(0).size() == 1) {
        result.add(Dimension.UNKNOWN);
      } else {
        return null;
      }
    }
    return result;
  }

  private @Nullable List<Dimension> input(NodeProto node, int i) {
    return i < node.getInputCount() ? known.apply(node.getInput(i)) : null;
  }
}
