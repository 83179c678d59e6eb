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
   * @param type as safetensors names it: {@code F32}, {@code F64}, {@code F16}, {@code BF16},
   *     {@code I8}, {@code I16}, {@code I32}, {@code I64}, {@code U8} or {@code BOOL}
   * @param shape the dimensions
   * @param data little-endian values, row-major
   */
  public record Tensor(String name, String type, long[] shape, ByteBuffer data) {}
}
