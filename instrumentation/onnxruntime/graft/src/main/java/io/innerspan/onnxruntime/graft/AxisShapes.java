package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The shapes of what operators make that take, drop, add or reorder whole axes. */
final class AxisShapes {
  private final GraphIndex graph;
  private final Function<String, @Nullable List<Dimension>> known;

  AxisShapes(GraphIndex graph, Function<String, @Nullable List<Dimension>> known) {
    this.graph = graph;
    this.known = known;
  }

  @Nullable List<Dimension> gather(NodeProto node) {
    List<Dimension> data = input(node, 0);
    List<Dimension> indices = input(node, 1);
    if (data == null || indices == null || data.isEmpty()) {
      return null;
    }
    int axis = axis(Integers.attribute(node, "axis", 0), data.size());
    if (axis < 0) {
      return null;
    }
    List<Dimension> result = new ArrayList<>(data.subList(0, axis));
    result.addAll(indices);
    result.addAll(data.subList(axis + 1, data.size()));
    return result;
  }

  @Nullable List<Dimension> reduce(NodeProto node) {
    List<Dimension> shape = input(node, 0);
    long[] axes = Integers.axes(graph, node);
    if (shape == null || axes == null) {
      return null;
    }
    boolean keep = Integers.attribute(node, "keepdims", 1) != 0;
    List<@Nullable Dimension> result = new ArrayList<>(shape);
    for (long a : axes) {
      int axis = axis(a, shape.size());
      if (axis < 0) {
        return null;
      }
      result.set(axis, keep ? Dimension.fixed(1) : null);
    }
    return withoutNulls(result);
  }

  @Nullable List<Dimension> transpose(NodeProto node) {
    List<Dimension> shape = input(node, 0);
    if (shape == null) {
      return null;
    }
    long[] order = Integers.attribute(node, "perm");
    if (order == null) {
      List<Dimension> reversed = new ArrayList<>(shape);
      Collections.reverse(reversed);
      return reversed;
    }
    List<Dimension> result = new ArrayList<>();
    for (long from : order) {
      int axis = axis(from, shape.size());
      result.add(axis < 0 ? Dimension.UNKNOWN : shape.get(axis));
    }
    return result;
  }

  @Nullable List<Dimension> unsqueeze(NodeProto node) {
    List<Dimension> shape = input(node, 0);
    long[] axes = Integers.axes(graph, node);
    if (shape == null || axes == null) {
      return null;
    }
    int rank = shape.size() + axes.length;
    boolean[] added = new boolean[rank];
    for (long a : axes) {
      int axis = axis(a, rank);
      if (axis < 0 || added[axis]) {
        return null;
      }
      added[axis] = true;
    }
    List<Dimension> result = new ArrayList<>();
    int from = 0;
    for (boolean one : added) {
      result.add(one ? Dimension.fixed(1) : shape.get(from++));
    }
    return result;
  }

  @Nullable List<Dimension> squeeze(NodeProto node) {
    List<Dimension> shape = input(node, 0);
    long[] axes = Integers.axes(graph, node);
    if (shape == null || axes == null) {
      return null;
    }
    List<@Nullable Dimension> result = new ArrayList<>(shape);
    for (long a : axes) {
      int axis = axis(a, shape.size());
      if (axis < 0) {
        return null;
      }
      result.set(axis, null);
    }
    return withoutNulls(result);
  }

  @Nullable List<Dimension> concat(NodeProto node) {
    List<Dimension> first = input(node, 0);
    int axis = first == null ? -1 : axis(Integers.attribute(node, "axis", 0), first.size());
    if (first == null || axis < 0) {
      return null;
    }
    List<Dimension> result = new ArrayList<>(first);
    long size = 0;
    for (int i = 0; i < node.getInputCount(); i++) {
      List<Dimension> part = input(node, i);
      if (part == null || part.size() != first.size()) {
        size = -1;
        continue;
      }
      boolean known = size >= 0 && part.get(axis).isFixed();
      size = known ? size + part.get(axis).size() : -1;
      for (int d = 0; d < first.size(); d++) {
        result.set(d, result.get(d).isFixed() ? result.get(d) : part.get(d));
      }
    }
    result.set(axis, size < 0 ? Dimension.UNKNOWN : Dimension.fixed(size));
    return result;
  }

  /** The shape of a Slice or Split: as many dimensions, the cut ones of unknown size. */
  @Nullable List<Dimension> cut(NodeProto node) {
    List<Dimension> shape = input(node, 0);
    if (shape == null) {
      return null;
    }
    List<Dimension> result = new ArrayList<>(shape);
    long[] axes = Integers.cutAxes(graph, node);
    for (int d = 0; axes == null && d < result.size(); d++) {
      result.set(d, Dimension.UNKNOWN);
    }
    for (int i = 0; axes != null && i < axes.length; i++) {
      int axis = axis(axes[i], shape.size());
      if (axis >= 0) {
        result.set(axis, Dimension.UNKNOWN);
      }
    }
    return result;
  }

  private static int axis(long axis, int rank) {
    long positive = axis < 0 ? axis + rank : axis;
    return positive >= 0 && positive < rank ? (int) positive : -1;
  }

  private static List<Dimension> withoutNulls(List<@Nullable Dimension> dims) {
    List<Dimension> result = new ArrayList<>();
    for (Dimension dim : dims) {
      if (dim != null) {
        result.add(dim);
      }
    }
    return result;
  }

  private @Nullable List<Dimension> input(NodeProto node, int i) {
    return i < node.getInputCount() ? known.apply(node.getInput(i)) : null;
  }
}
