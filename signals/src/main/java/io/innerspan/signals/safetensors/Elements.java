package io.innerspan.signals.safetensors;

import io.innerspan.signals.InvalidValueException;
import java.nio.ByteBuffer;

/** Converts elements of tensors to Java's types. */
final class Elements {
  static float[] floats(Tensor tensor) {
    ByteBuffer data = tensor.data();
    float[] values = new float[tensor.elements()];
    switch (tensor.dtype()) {
      case F32 -> data.asFloatBuffer().get(values);
      case F64 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = (float) data.getDouble();
        }
      }
      case F16 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = half(data.getShort());
        }
      }
      case BF16 -> {
        for (int i = 0; i < values.length; i++) {
          values[i] = Float.intBitsToFloat(data.getShort() << 16);
        }
      }
      default -> throw new InvalidValueException("dtype", "F16, BF16, F32 or F64", tensor.dtype());
    }
    return values;
  }

  static long[] longs(Tensor tensor) {
    ByteBuffer data = tensor.data();
    long[] values = new long[tensor.elements()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          switch (tensor.dtype()) {
            case BOOL, U8 -> Byte.toUnsignedLong(data.get());
            case I8 -> data.get();
            case U16 -> Short.toUnsignedLong(data.getShort());
            case I16 -> data.getShort();
            case U32 -> Integer.toUnsignedLong(data.getInt());
            case I32 -> data.getInt();
            case I64 -> data.getLong();
            default ->
                throw new InvalidValueException(
                    "dtype", "an integer type up to I64", tensor.dtype());
          };
    }
    return values;
  }

  /** IEEE 754 binary16; Java 17 has no conversion of its own. */
  static float half(short bits) {
    int sign = (bits & 0x8000) << 16;
    int exponent = (bits >>> 10) & 0x1f;
    int fraction = bits & 0x3ff;
    if (exponent == 0x1f) {
      return Float.intBitsToFloat(sign | 0x7f800000 | fraction << 13);
    }
    if (exponent == 0) {
      float magnitude = fraction * 0x1p-24f;
      return sign == 0 ? magnitude : -magnitude;
    }
    return Float.intBitsToFloat(sign | (exponent + 112) << 23 | fraction << 13);
  }

  private Elements() {}
}
