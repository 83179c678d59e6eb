package io.innerspan.djl.testing;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import com.google.protobuf.UnknownFieldSet.Field;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** A SavedModel of TensorFlow that multiplies features by a matrix, without variables. */
final class SavedModel {
  private static final int FLOAT = 1;
  private static final int ANY_SIZE = -1;

  /** A version of graphs that TensorFlow 2 has known from its beginning. */
  private static final int PRODUCER = 440;

  /**
   * Writes the folder.
   *
   * @param weights of each feature, as many as the model has answers
   * @return its graph
   */
  static Path write(Path folder, float[][] weights) throws IOException {
    Files.createDirectories(folder);
    return Files.write(folder.resolve("saved_model.pb"), bytes(weights).toByteArray());
  }

  /** A {@code SavedModel}; the numbers are those of the fields in TensorFlow's own protocol. */
  private static ByteString bytes(float[][] weights) {
    ByteString metaGraph =
        new Message()
            .add(1, new Message().add(4, "serve"))
            .add(2, graph(weights))
            .add(5, entry("serving_default", signature(weights.length, weights[0].length)))
            .bytes();
    return new Message().add(1, 1).add(2, metaGraph).bytes();
  }

  private static Message graph(float[][] weights) {
    Message type = new Message().add(6, FLOAT);
    Message input =
        node("x", "Placeholder")
            .add(5, entry("dtype", type))
            .add(5, entry("shape", new Message().add(7, shape(ANY_SIZE, weights.length))));
    Message matrix =
        node("weights", "Const")
            .add(5, entry("dtype", type))
            .add(5, entry("value", new Message().add(8, tensor(weights))));
    Message product =
        node("logits", "MatMul").add(3, "x").add(3, "weights").add(5, entry("T", type));
    return new Message()
        .add(1, input)
        .add(1, matrix)
        .add(1, product)
        .add(4, new Message().add(1, PRODUCER));
  }

  private static Message node(String name, String operator) {
    return new Message().add(1, name).add(2, operator);
  }

  private static Message signature(int features, int answers) {
    return new Message()
        .add(1, entry("x", info("x:0", features)))
        .add(2, entry("logits", info("logits:0", answers)))
        .add(3, "tensorflow/serving/predict");
  }

  private static Message info(String tensor, int width) {
    return new Message().add(1, tensor).add(2, FLOAT).add(3, shape(ANY_SIZE, width));
  }

  private static Message tensor(float[][] rows) {
    ByteBuffer content =
        ByteBuffer.allocate(rows.length * rows[0].length * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    for (float[] row : rows) {
      for (float value : row) {
        content.putFloat(value);
      }
    }
    return new Message()
        .add(1, FLOAT)
        .add(2, shape(rows.length, rows[0].length))
        .add(4, ByteString.copyFrom(content.flip()));
  }

  private static Message shape(int... sizes) {
    Message shape = new Message();
    for (int size : sizes) {
      shape.add(2, new Message().add(1, size));
    }
    return shape;
  }

  private static Message entry(String key, Message value) {
    return new Message().add(1, key).add(2, value);
  }

  /** What is being written, field by field. */
  private static final class Message {
    private final UnknownFieldSet.Builder fields = UnknownFieldSet.newBuilder();

    Message add(int field, long number) {
      fields.mergeField(field, Field.newBuilder().addVarint(number).build());
      return this;
    }

    Message add(int field, ByteString bytes) {
      fields.mergeField(field, Field.newBuilder().addLengthDelimited(bytes).build());
      return this;
    }

    Message add(int field, String text) {
      return add(field, ByteString.copyFromUtf8(text));
    }

    Message add(int field, Message message) {
      return add(field, message.bytes());
    }

    ByteString bytes() {
      return fields.build().toByteString();
    }
  }

  private SavedModel() {}
}
