package io.innerspan.onnxruntime.graft;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a tensor without running the model.
 *
 * @param name the tensor's name in the graph
 * @param type the type of its elements
 * @param shape its dimensions, or null when not even their number is known
 */
public record TensorInfo(String name, ElementType type, @Nullable List<Dimension> shape) {
  public TensorInfo {
    shape = shape == null ? null : List.copyOf(shape);
  }

  /** The number of dimensions, or -1 when unknown. */
  public int rank() {
    return shape == null ? -1 : shape.size();
  }

  /** The size of the last dimension, or -1 when unknown. */
  public long width() {
    return shape == null || shape.isEmpty() ? -1 : shape.get(shape.size() - 1).size();
  }

  /** The shape as text: {@code [batch_size, ?, 384]}, or {@code unknown}. */
  public String shapeText() {
    return shape == null ? "unknown" : shape.toString();
  }
}
