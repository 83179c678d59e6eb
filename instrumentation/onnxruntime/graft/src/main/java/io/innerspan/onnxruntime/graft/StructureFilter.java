package io.innerspan.onnxruntime.graft;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Copies a serialised model leaving out its weights: of each message only the fields that {@code
 * onnx.proto} declares, of tensors no payload longer than {@value #SMALL_TENSOR} bytes.
 *
 * <p>What remains of a model of hundreds of megabytes is a few hundred kilobytes.
 */
final class StructureFilter {
  /** Payloads up to this many bytes stay: the axes, shapes and scalars that steer operators. */
  private static final int SMALL_TENSOR = 128;

  /** Text and number lists of attributes longer than this are vocabularies or tables. */
  private static final int SMALL_ATTRIBUTE = 4096;

  /** A subgraph is three messages deep; protobuf-java's parser stops at 100. */
  private static final int MAX_DEPTH = 90;

  private static final int MAX_STRUCTURE = 256 << 20;

  /** The messages that are looked into; their fields are those of {@code onnx.proto}. */
  private enum Message {
    MODEL(1, 7, 8, 25),
    FUNCTION(1, 4, 5, 7, 10),
    GRAPH(1, 2, 5, 11, 12, 13),
    NODE(1, 2, 3, 4, 5, 7),
    ATTRIBUTE(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 20),
    TENSOR(1, 2, 4, 5, 7, 8, 9, 14);

    private final long fields;

    Message(int... fields) {
      long set = 0;
      for (int field : fields) {
        set |= 1L << field;
      }
      this.fields = set;
    }

    boolean declares(int field) {
      return field < Long.SIZE && (fields & 1L << field) != 0;
    }

    /** The message in a field, or null when the field is copied as it is. */
    @Nullable Message child(int field) {
      return switch (this) {
        case MODEL -> field == 7 ? GRAPH : field == 25 ? FUNCTION : null;
        case GRAPH -> field == 1 ? NODE : field == 5 ? TENSOR : null;
        case NODE -> field == 5 ? ATTRIBUTE : null;
        case ATTRIBUTE ->
            field == 5 || field == 10 ? TENSOR : field == 6 || field == 11 ? GRAPH : null;
        case FUNCTION -> field == 7 ? NODE : null;
        case TENSOR -> null;
      };
    }

    /** The longest value of a field that is worth keeping. */
    int longest(int field) {
      if (this == TENSOR && field != 8) {
        return SMALL_TENSOR;
      }
      return this == ATTRIBUTE && field != 1 ? SMALL_ATTRIBUTE : Integer.MAX_VALUE;
    }

    /** Whether a field holds payload, of which a stray element outside a packed list is none. */
    boolean payload(int field) {
      return this == TENSOR && (field == 4 || field == 5 || field == 7 || field == 9);
    }
  }

  private final WireReader in;
  private long kept;

  private StructureFilter(ByteBuffer model) {
    in = new WireReader(model);
  }

  /**
   * The model's bytes without its weights, themselves a ModelProto.
   *
   * @throws ModelRefusedException when the bytes are not of the Protocol Buffers format
   */
  static byte[] withoutWeights(ByteBuffer model) throws ModelRefusedException {
    return new StructureFilter(model).copy(Message.MODEL, 0);
  }

  private byte[] copy(Message message, int depth) throws ModelRefusedException {
    if (depth > MAX_DEPTH) {
      throw new ModelRefusedException("subgraphs nested more than " + MAX_DEPTH / 3 + " deep");
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    while (!in.atEnd()) {
      int tag = in.tag();
      int field = tag >>> 3;
      switch (tag & 7) {
        case WireReader.LENGTH_DELIMITED -> delimited(message, field, tag, out, depth);
        case WireReader.VARINT -> {
          long value = in.varint();
          if (message.declares(field) && !message.payload(field)) {
            writeVarint(out, tag);
            writeVarint(out, value);
          }
        }
        default -> {
          byte[] fixed = in.bytes((tag & 7) == WireReader.FIXED64 ? 8 : 4);
          if (message.declares(field) && !message.payload(field)) {
            writeVarint(out, tag);
            out.writeBytes(fixed);
          }
        }
      }
    }
    return out.toByteArray();
  }

  private void delimited(Message message, int field, int tag, ByteArrayOutputStream out, int depth)
      throws ModelRefusedException {
    int length = in.length();
    if (!message.declares(field)) {
      in.skip(length);
      return;
    }
    byte[] content;
    Message child = message.child(field);
    if (child != null) {
      int outer = in.enter(length);
      content = copy(child, depth + 1);
      in.leave(outer);
    } else if (length <= message.longest(field)) {
      keep(length);
      content = in.bytes(length);
    } else {
      in.skip(length);
      return;
    }
    keep(2);
    writeVarint(out, tag);
    writeVarint(out, content.length);
    out.writeBytes(content);
  }

  /** Bounds the memory that a hostile file can make us use. */
  private void keep(int length) throws ModelRefusedException {
    kept += length;
    if (kept > MAX_STRUCTURE) {
      throw new ModelRefusedException(
          "a graph of more than " + (MAX_STRUCTURE >> 20) + " MiB without its weights");
    }
  }

  private static void writeVarint(ByteArrayOutputStream out, long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
