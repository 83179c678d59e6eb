package io.innerspan.onnxruntime.graft;

/** The element types of ONNX tensors, with the numbers of {@code TensorProto.DataType}. */
public enum ElementType {
  /** Not declared, and not inferred from the graph. */
  UNKNOWN(0),
  FLOAT(1),
  UINT8(2),
  INT8(3),
  UINT16(4),
  INT16(5),
  INT32(6),
  INT64(7),
  STRING(8),
  BOOL(9),
  FLOAT16(10),
  DOUBLE(11),
  UINT32(12),
  UINT64(13),
  COMPLEX64(14),
  COMPLEX128(15),
  BFLOAT16(16),
  /** A type newer than this list, such as the 8-bit and 4-bit floats. */
  OTHER(-1);

  private final int number;

  ElementType(int number) {
    this.number = number;
  }

  /** The number in the ONNX format. */
  public int number() {
    return number;
  }

  /** Whether a signal can be computed from such elements: they can be cast to float. */
  public boolean isFloatingPoint() {
    return this == FLOAT || this == FLOAT16 || this == BFLOAT16 || this == DOUBLE;
  }

  /** Whether token ids may be of this type. */
  boolean isInteger() {
    return this == INT64 || this == INT32;
  }

  /** Whether an attention mask may be of this type. */
  boolean canMask() {
    return this == INT64 || this == INT32 || this == BOOL || this == FLOAT || this == FLOAT16;
  }

  static ElementType of(int number) {
    for (ElementType type : values()) {
      if (type.number == number) {
        return type;
      }
    }
    return OTHER;
  }
}
