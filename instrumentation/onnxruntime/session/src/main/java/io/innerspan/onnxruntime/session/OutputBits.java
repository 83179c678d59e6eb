package io.innerspan.onnxruntime.session;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Compares two runs' outputs bit by bit. */
final class OutputBits {

  /**
   * Finds the first output that differs.
   *
   * @param expected the original's outputs, all of which {@code actual} must have
   * @param actual the outputs in question, which may have more
   * @return what differs, or null when nothing does
   */
  static @Nullable String difference(OrtSession.Result expected, OrtSession.Result actual)
      throws OrtException {
    for (Map.Entry<String, OnnxValue> entry : expected) {
      String name = entry.getKey();
      Optional<OnnxValue> other = actual.get(name);
      if (other.isEmpty()) {
        return "output " + name + " is missing";
      }
      if (!equal(entry.getValue(), other.get())) {
        return "output " + name + " differs";
      }
    }
    return null;
  }

  private static boolean equal(OnnxValue expected, OnnxValue actual) throws OrtException {
    if (expected instanceof OnnxTensor tensor && actual instanceof OnnxTensor other) {
      TensorInfo info = tensor.getInfo();
      TensorInfo otherInfo = other.getInfo();
      if (info.type != otherInfo.type || !Arrays.equals(info.getShape(), otherInfo.getShape())) {
        return false;
      }
      return info.type == OnnxJavaType.STRING
          ? Objects.deepEquals(tensor.getValue(), other.getValue())
          : tensor.getByteBuffer().equals(other.getByteBuffer());
    }
    return Objects.deepEquals(expected.getValue(), actual.getValue());
  }

  private OutputBits() {}
}
