package io.opentelemetry.javaagent.innerspan.bridge;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * One named set of input tensors for a model.
 *
 * @param tensors the tensors by name
 */
public record ModelInput(List<Tensor> tensors) {
  /**
   * @param name the model's input
   * @param type {@code I64}, {@code I32} or {@code F32}
   * @param shape the dimensions
   * @param data little-endian values, row-major
   */
  public record Tensor(String name, String type, long[] shape, ByteBuffer data) {}
}
