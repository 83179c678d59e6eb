package io.innerspan.testing.models;

import io.innerspan.onnxruntime.graft.onnx.TensorProto.DataType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Numbers as the elements of a tensor, little-endian. */
final class Elements {
  private Elements() {}

  static ByteBuffer of(DataType type, float[] values) {
    ByteBuffer raw =
        ByteBuffer.allocate(values.length * (type == DataType.FLOAT ? 4 : 2))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (float value : values) {
      switch (type) {
        case FLOAT -> raw.putFloat(value);
        case FLOAT16 -> raw.putShort(Half.of(value));
        // Rounded to nearest, half to even, as hardware does.
        case BFLOAT16 -> {
          int bits = Float.floatToIntBits(value);
          raw.putShort((short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16));
        }
        default -> throw new IllegalArgumentException("no weights of type " + type);
      }
    }
    return raw.flip();
  }
}
