package io.innerspan.agent.app;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What an output is, bit by bit: its type and shape, and the SHA-256 of its contents. */
final class Bits {
  private Bits() {}

  static String of(OnnxValue value) {
    try {
      return describe(value);
    } catch (OrtException | RuntimeException e) {
      return e.getClass().getSimpleName() + " " + e.getMessage();
    }
  }

  private static String describe(Object value) throws OrtException {
    if (value instanceof OnnxTensor tensor) {
      return tensor.getInfo().onnxType
          + Arrays.toString(tensor.getInfo().getShape())
          + sha256(bytes(tensor));
    }
    if (value instanceof OnnxValue other) {
      return other.getType() + describe(other.getValue());
    }
    if (value instanceof List<?> list) {
      StringBuilder text = new StringBuilder("(");
      for (Object each : list) {
        text.append(describe(each)).append(' ');
      }
      return text.append(')').toString();
    }
    if (value instanceof Map<?, ?> map) {
      Map<String, String> sorted = new TreeMap<>();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        sorted.put(String.valueOf(entry.getKey()), describe(entry.getValue()));
      }
      return sorted.toString();
    }
    if (value instanceof Float number) {
      return Integer.toHexString(Float.floatToRawIntBits(number));
    }
    if (value instanceof Double number) {
      return Long.toHexString(Double.doubleToRawLongBits(number));
    }
    return Arrays.deepToString(new Object[] {value});
  }

  private static ByteBuffer bytes(OnnxTensor tensor) throws OrtException {
    ByteBuffer bytes = tensor.getByteBuffer();
    return bytes != null
        ? bytes
        : ByteBuffer.wrap(
            Arrays.deepToString(new Object[] {tensor.getValue()}).getBytes(StandardCharsets.UTF_8));
  }

  private static String sha256(ByteBuffer bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
