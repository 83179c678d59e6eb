package io.innerspan.onnxruntime.session;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import io.opentelemetry.javaagent.innerspan.bridge.ModelInput;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A copy of what an application puts into a run. */
final class InputCopy {
  /** More is not kept, however briefly. */
  private static final long MOST_BYTES = 64L << 20;

  /** By name; by name too, because older versions do not have all of them. */
  private static final Map<String, String> TYPES =
      new TreeMap<>(
          Map.of(
              "F32", "FLOAT",
              "F64", "DOUBLE",
              "F16", "FLOAT16",
              "BF16", "BFLOAT16",
              "I8", "INT8",
              "I16", "INT16",
              "I32", "INT32",
              "I64", "INT64",
              "U8", "UINT8",
              "BOOL", "BOOL"));

  /** Whether inputs are of types that can be copied. */
  static boolean takes(Map<String, OnnxTensor> inputs) {
    return inputs.values().stream()
        .map(Object.class::cast) // An application may hand over sparse tensors too, and null.
        .allMatch(
            value -> value instanceof OnnxTensor tensor && name(tensor.getInfo().type) != null);
  }

  /**
   * @return null when there is something among the inputs that cannot be copied, or too much of it
   */
  static @Nullable ModelInput of(Map<String, OnnxTensor> inputs) {
    List<ModelInput.Tensor> copies = new ArrayList<>();
    long bytes = 0;
    for (Map.Entry<String, OnnxTensor> input : inputs.entrySet()) {
      // An application may hand over sparse tensors too, and null.
      Object value = input.getValue();
      if (!(value instanceof OnnxTensor tensor)) {
        return null;
      }
      String type = name(tensor.getInfo().type);
      bytes += elements(tensor.getInfo().getShape()) * tensor.getInfo().type.size;
      if (type == null || bytes > MOST_BYTES) {
        return null;
      }
      ByteBuffer copy = tensor.getByteBuffer();
      copies.add(
          new ModelInput.Tensor(
              input.getKey(), type, tensor.getInfo().getShape().clone(), copy.rewind()));
    }
    return new ModelInput(copies);
  }

  private static long elements(long[] shape) {
    long elements = 1;
    for (long dimension : shape) {
      elements *= dimension;
    }
    return elements;
  }

  /** The name of a type, or null when it cannot be copied. */
  static @Nullable String name(OnnxJavaType type) {
    for (Map.Entry<String, String> name : TYPES.entrySet()) {
      if (name.getValue().equals(type.name())) {
        return name.getKey();
      }
    }
    return null;
  }

  /**
   * The type that has a name.
   *
   * @throws IllegalArgumentException when this version of ONNX Runtime has none
   */
  static OnnxJavaType type(String name) {
    String type = TYPES.get(name);
    if (type == null) {
      throw new IllegalArgumentException(
          "type: expected one of " + TYPES.keySet() + ", found " + name);
    }
    return OnnxJavaType.valueOf(type);
  }

  private InputCopy() {}
}
