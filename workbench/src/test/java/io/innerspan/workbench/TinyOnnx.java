package io.innerspan.workbench;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

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
              out.writeByteArray(11, value("x"));
              out.writeByteArray(12, value("y"));
            });
    byte[] opset = message(out -> out.writeInt64(2, 13));
    return message(
        out -> {
          out.writeInt64(1, 8);
          out.writeByteArray(7, graph);
          out.writeByteArray(8, opset);
        });
  }

  private static byte[] value(String name) throws IOException {
    byte[] dimension = message(out -> out.writeInt64(1, 4));
    byte[] shape = message(out -> out.writeByteArray(1, dimension));
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
