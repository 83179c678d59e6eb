package io.innerspan.workbench.packs;

import java.io.Serial;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The texts and the vectors of a GGUF file of version 2 or 3, little-endian; other values are
 * skipped.
 *
 * @param texts metadata of type string
 * @param vectors tensors of one dimension in F32, by name
 */
record GgufFile(Map<String, String> texts, Map<String, FloatBuffer> vectors) {
  private static final int MAGIC = 0x46554747; // "GGUF"
  private static final int STRING = 8;
  private static final int ARRAY = 9;
  private static final int F32 = 0;
  private static final int DEFAULT_ALIGNMENT = 32;
  private static final int MOST_ENTRIES = 1 << 16;

  /** Bytes of a value by its type; 0 for those of no fixed size. */
  private static final int[] SIZES = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

  /** The file is damaged, or is none. */
  static final class FormatException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    FormatException(String message) {
      super(message);
    }
  }

  private record TensorInfo(long elements, int dimensions, int type, long offset) {}

  static GgufFile parse(ByteBuffer file) throws FormatException {
    try {
      return read(file.duplicate().order(ByteOrder.LITTLE_ENDIAN));
    } catch (BufferUnderflowException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw new FormatException("an end too early");
    } catch (ArithmeticException e) {
      throw new FormatException("sizes beyond 2 GiB");
    }
  }

  private static GgufFile read(ByteBuffer in) throws FormatException {
    if (in.getInt() != MAGIC) {
      throw new FormatException("other first bytes than GGUF");
    }
    int version = in.getInt();
    if (version != 2 && version != 3) {
      throw new FormatException("version " + version);
    }
    int tensors = count(in.getLong());
    int values = count(in.getLong());
    Map<String, String> texts = new LinkedHashMap<>();
    int alignment = DEFAULT_ALIGNMENT;
    for (int i = 0; i < values; i++) {
      String key = text(in);
      int type = in.getInt();
      if (type == STRING) {
        texts.put(key, text(in));
      } else if (key.equals("general.alignment") && type == 4) {
        alignment = in.getInt();
      } else {
        skip(in, type, 0);
      }
    }
    Map<String, TensorInfo> infos = new LinkedHashMap<>();
    for (int i = 0; i < tensors; i++) {
      String name = text(in);
      int dimensions = in.getInt();
      long elements = 1;
      for (int d = 0; d < dimensions; d++) {
        elements = Math.multiplyExact(elements, Math.toIntExact(in.getLong()));
      }
      infos.put(name, new TensorInfo(elements, dimensions, in.getInt(), in.getLong()));
    }
    if (alignment < 1) {
      throw new FormatException("an alignment of " + alignment);
    }
    int data = Math.floorDiv(in.position() + alignment - 1, alignment) * alignment;
    Map<String, FloatBuffer> vectors = new LinkedHashMap<>();
    for (Map.Entry<String, TensorInfo> info : infos.entrySet()) {
      vectors.put(info.getKey(), vector(in, info.getKey(), info.getValue(), data));
    }
    return new GgufFile(texts, vectors);
  }

  private static FloatBuffer vector(ByteBuffer in, String name, TensorInfo info, int data)
      throws FormatException {
    if (info.type() != F32 || info.dimensions() != 1) {
      throw new FormatException(
          "the tensor '" + name + "' of type " + info.type() + " and rank " + info.dimensions());
    }
    int at = Math.toIntExact(data + info.offset());
    int length = Math.toIntExact(info.elements() * Float.BYTES);
    return in.slice(at, length).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  private static void skip(ByteBuffer in, int type, int depth) throws FormatException {
    if (type < 0 || type >= SIZES.length || depth > 4) {
      throw new FormatException("a value of type " + type);
    }
    if (type == STRING) {
      text(in);
    } else if (type == ARRAY) {
      int of = in.getInt();
      long length = in.getLong();
      if (length < 0 || length > in.remaining()) {
        throw new FormatException("an array of " + length);
      }
      for (long i = 0; i < length; i++) {
        skip(in, of, depth + 1);
      }
    } else {
      in.position(in.position() + SIZES[type]);
    }
  }

  private static String text(ByteBuffer in) throws FormatException {
    long length = in.getLong();
    if (length < 0 || length > in.remaining()) {
      throw new FormatException("a text of " + length + " bytes");
    }
    byte[] bytes = new byte[(int) length];
    in.get(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static int count(long count) throws FormatException {
    if (count < 0 || count > MOST_ENTRIES) {
      throw new FormatException(count + " entries");
    }
    return (int) count;
  }
}
