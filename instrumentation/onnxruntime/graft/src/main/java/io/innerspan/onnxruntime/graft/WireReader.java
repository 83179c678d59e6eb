package io.innerspan.onnxruntime.graft;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Reads the Protocol Buffers wire format from a buffer of any kind without copying what is skipped.
 *
 * <p>(protobuf-java's own reader copies a mapped buffer as a whole where {@code sun.misc.Unsafe} is
 * denied.) Every malformed byte ends in a {@link ModelRefusedException}, never in another
 * exception.
 */
final class WireReader {
  static final int VARINT = 0;
  static final int FIXED64 = 1;
  static final int LENGTH_DELIMITED = 2;
  static final int FIXED32 = 5;

  private final ByteBuffer buffer;

  WireReader(ByteBuffer bytes) {
    buffer = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
  }

  boolean atEnd() {
    return !buffer.hasRemaining();
  }

  /** How many bytes lie before the next one to be read. */
  int position() {
    return buffer.position();
  }

  /** Restricts reading to the next {@code length} bytes and returns the limit to restore. */
  int enter(int length) {
    int outer = buffer.limit();
    buffer.limit(buffer.position() + length);
    return outer;
  }

  /** Ends what {@link #enter} began. */
  void leave(int outerLimit) {
    buffer.limit(outerLimit);
  }

  /** The next field's tag: field number and wire type, both checked. */
  int tag() throws ModelRefusedException {
    long tag = varint();
    int wireType = (int) (tag & 7);
    if (tag >>> 3 == 0 || tag >>> 32 != 0) {
      throw malformed("a field number out of range");
    }
    if (wireType > FIXED32 || wireType == 3 || wireType == 4) {
      throw malformed("a field of wire type " + wireType);
    }
    return (int) tag;
  }

  long varint() throws ModelRefusedException {
    long value = 0;
    for (int shift = 0; shift < 70; shift += 7) {
      require(1);
      byte b = buffer.get();
      value |= (long) (b & 0x7f) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw malformed("a number of more than ten bytes");
  }

  /** The length of a length-delimited field, not larger than what remains. */
  int length() throws ModelRefusedException {
    long length = varint();
    if (length < 0 || length > buffer.remaining()) {
      throw malformed(
          "a field of "
              + Long.toUnsignedString(length)
              + " bytes where "
              + buffer.remaining()
              + " remain");
    }
    return (int) length;
  }

  byte[] bytes(int length) throws ModelRefusedException {
    require(length);
    byte[] bytes = new byte[length];
    buffer.get(bytes);
    return bytes;
  }

  void skip(int length) throws ModelRefusedException {
    require(length);
    buffer.position(buffer.position() + length);
  }

  /** Skips what follows a tag. */
  void skipValue(int tag) throws ModelRefusedException {
    switch (tag & 7) {
      case VARINT -> varint();
      case FIXED64 -> skip(8);
      case FIXED32 -> skip(4);
      default -> skip(length());
    }
  }

  private void require(int length) throws ModelRefusedException {
    if (buffer.remaining() < length) {
      throw malformed("the end where " + length + " more bytes are expected");
    }
  }

  private ModelRefusedException malformed(String found) {
    return new ModelRefusedException(
        "not an ONNX model: at byte " + buffer.position() + " there is " + found);
  }
}
