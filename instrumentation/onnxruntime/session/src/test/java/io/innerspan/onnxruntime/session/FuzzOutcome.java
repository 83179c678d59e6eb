package io.innerspan.onnxruntime.session;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/** What an application sees of a session, as one line: an exception, or names and bits. */
final class FuzzOutcome {
  /** What an application does with a session. */
  interface Use {
    String use() throws Exception;
  }

  private FuzzOutcome() {}

  /** What was seen, or what was thrown. */
  static String of(Use use) {
    try {
      return use.use();
    } catch (OrtException | RuntimeException e) {
      return oneLine(e.getClass().getName() + ": " + e.getMessage());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** The names that a session has, and a digest of the outputs of a run. */
  static String of(Set<String> inputs, Set<String> outputs, OrtSession.Result result)
      throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    StringBuilder text = new StringBuilder("inputs " + inputs + " outputs " + outputs + ":");
    for (Map.Entry<String, OnnxValue> entry : result) {
      text.append(' ').append(entry.getKey()).append(' ');
      if (entry.getValue() instanceof OnnxTensor tensor) {
        TensorInfo info = tensor.getInfo();
        text.append(info.type).append(Arrays.toString(info.getShape()));
        ByteBuffer bytes = tensor.getByteBuffer();
        if (bytes == null) {
          digest.update(Arrays.deepToString(new Object[] {tensor.getValue()}).getBytes("UTF-8"));
        } else {
          digest.update(bytes);
        }
      } else {
        text.append(entry.getValue().getInfo());
      }
    }
    return oneLine(text.append(' ') + HexFormat.of().formatHex(digest.digest()));
  }

  /** Without line breaks. */
  static String oneLine(String text) {
    return text.replaceAll("\\p{Cntrl}", " ");
  }
}
