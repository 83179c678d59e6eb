package io.innerspan.onnxruntime.graft;

import io.innerspan.onnxruntime.graft.onnx.AttributeProto;
import io.innerspan.onnxruntime.graft.onnx.NodeProto;
import io.innerspan.onnxruntime.graft.onnx.TensorProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** The integers that steer operators (axes, shapes) where the model fixes them. */
final class Integers {
  private Integers() {}

  /**
   * The elements of a small integer tensor, or null when it is none or its payload was left out.
   */
  static long @Nullable [] of(TensorProto tensor) {
    ElementType type = ElementType.of(tensor.getDataType());
    if (type != ElementType.INT64 && type != ElementType.INT32) {
      return null;
    }
    long count = 1;
    for (long dim : tensor.getDimsList()) {
      if (dim < 0 || dim > 1024 || count > 1024) {
        return null;
      }
      count *= dim;
    }
    long[] values = type == ElementType.INT64 ? longs(tensor) : ints(tensor);
    return values.length == count ? values : null;
  }

  /** The values of a tensor that an initializer or a Constant node gives, or null. */
  static long @Nullable [] of(GraphIndex graph, String tensor) {
    TensorProto initializer = graph.initializer(tensor);
    if (initializer != null) {
      return of(initializer);
    }
    NodeProto producer = graph.producer(tensor);
    if (producer == null || !producer.getOpType().equals("Constant")) {
      return null;
    }
    for (AttributeProto attribute : producer.getAttributeList()) {
      switch (attribute.getName()) {
        case "value" -> {
          return of(attribute.getT());
        }
        case "value_int" -> {
          return new long[] {attribute.getI()};
        }
        case "value_ints" -> {
          return attribute.getIntsList().stream().mapToLong(Long::longValue).toArray();
        }
        default -> {}
      }
    }
    return null;
  }

  /** An integer attribute of a node, or the default. */
  static long attribute(NodeProto node, String name, long otherwise) {
    for (AttributeProto attribute : node.getAttributeList()) {
      if (attribute.getName().equals(name)) {
        return attribute.getI();
      }
    }
    return otherwise;
  }

  /** An attribute that is a list of integers, or null. */
  static long @Nullable [] attribute(NodeProto node, String name) {
    for (AttributeProto attribute : node.getAttributeList()) {
      if (attribute.getName().equals(name)) {
        return attribute.getIntsList().stream().mapToLong(Long::longValue).toArray();
      }
    }
    return null;
  }

  /** The axes that a Slice or Split cuts; null when they are not known, or all of them. */
  static long @Nullable [] cutAxes(GraphIndex graph, NodeProto node) {
    if (node.getOpType().equals("Split")) {
      return new long[] {attribute(node, "axis", 0)};
    }
    return node.getInputCount() > 3 && !node.getInput(3).isEmpty()
        ? of(graph, node.getInput(3))
        : attribute(node, "axes");
  }

  /** The axes of a node: an attribute in older operator sets, the second input in newer ones. */
  static long @Nullable [] axes(GraphIndex graph, NodeProto node) {
    return node.getInputCount() > 1 && !node.getInput(1).isEmpty()
        ? of(graph, node.getInput(1))
        : attribute(node, "axes");
  }

  private static long[] longs(TensorProto tensor) {
    if (!tensor.hasRawData()) {
      return tensor.getInt64DataList().stream().mapToLong(Long::longValue).toArray();
    }
    ByteBuffer raw = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    long[] values = new long[raw.remaining() / Long.BYTES];
    raw.asLongBuffer().get(values);
    return values;
  }

  private static long[] ints(TensorProto tensor) {
    if (!tensor.hasRawData()) {
      return tensor.getInt32DataList().stream().mapToLong(Integer::longValue).toArray();
    }
    ByteBuffer raw = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
    long[] values = new long[raw.remaining() / Integer.BYTES];
    for (int i = 0; i < values.length; i++) {
      values[i] = raw.getInt();
    }
    return values;
  }
}
