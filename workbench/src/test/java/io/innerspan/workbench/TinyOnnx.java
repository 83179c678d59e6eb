package io.innerspan.workbench;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The smallest ONNX model: one Identity from x to y, written field by field. */
final class TinyOnnx {
  private static final int FLOAT = 1;

  static byte[] identity() throws IOException {
    byte[] node =
        message(
            out -> {
              out.writeString(1, "x");
              out.writeString(2, "y");
              out.writeString(4, "Identity");
            });
    byte[] graph =
        message(
            out -> {
              out.writeByteArray(1, node);
              out.writeString(2, "tiny");
              out.writeByteArray(11, value("x", 4));
              out.writeByteArray(12, value("y", 4));
            });
    byte[] opset = message(out -> out.writeInt64(2, 13));
    return message(
        out -> {
          out.writeInt64(1, 8);
          out.writeByteArray(7, graph);
          out.writeByteArray(8, opset);
        });
  }

  /** A linear head from x {@code [n, width]} to y {@code [n, 1]}, or its logistic function. */
  static byte[] linear(float[] weight, float bias, boolean sigmoid) throws IOException {
    byte[] gemm =
        message(
            out -> {
              out.writeString(1, "x");
              out.writeString(1, "w");
              out.writeString(1, "b");
              out.writeString(2, sigmoid ? "raw" : "y");
              out.writeString(4, "Gemm");
            });
    byte[] logistic =
        message(
            out -> {
              out.writeString(1, "raw");
              out.writeString(2, "y");
              out.writeString(4, "Sigmoid");
            });
    byte[] graph =
        message(
            out -> {
              out.writeByteArray(1, gemm);
              if (sigmoid) {
                out.writeByteArray(1, logistic);
              }
              out.writeString(2, "head");
              out.writeByteArray(5, constant("w", weight, weight.length, 1));
              out.writeByteArray(5, constant("b", new float[] {bias}, 1));
              out.writeByteArray(11, value("x", -1, weight.length));
              out.writeByteArray(12, value("y", -1, 1));
            });
    byte[] opset = message(out -> out.writeInt64(2, 13));
    return message(
        out -> {
          out.writeInt64(1, 8);
          out.writeByteArray(7, graph);
          out.writeByteArray(8, opset);
        });
  }

  private static byte[] constant(String name, float[] values, long... shape) throws IOException {
    ByteBuffer raw =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    raw.asFloatBuffer().put(values);
    return message(
        out -> {
          for (long size : shape) {
            out.writeInt64(1, size);
          }
          out.writeInt32(2, FLOAT);
          out.writeString(8, name);
          out.writeByteArray(9, raw.array());
        });
  }

  /** A dimension of −1 is any. */
  private static byte[] value(String name, long... dimensions) throws IOException {
    byte[] shape =
        message(
            out -> {
              for (long size : dimensions) {
                byte[] dimension =
                    message(
                        each -> {
                          if (size < 0) {
                            each.writeString(2, "n");
                          } else {
                            each.writeInt64(1, size);
                          }
                        });
                out.writeByteArray(1, dimension);
              }
            });
    byte[] tensor =
        message(
            out -> {
              out.writeInt32(1, FLOAT);
              out.writeByteArray(2, shape);
            });
    byte[] type = message(out -> out.writeByteArray(1, tensor));
    return message(
        out -> {
          out.writeString(1, name);
          out.writeByteArray(2, type);
        });
  }

  private static byte[] message(Fields fields) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    fields.write(out);
    out.flush();
    return bytes.toByteArray();
  }

  private interface Fields {
    void write(CodedOutputStream out) throws IOException;
  }

  private TinyOnnx() {}
}
