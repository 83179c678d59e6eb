package io.innerspan.signals.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads safetensors files, believing nothing they say: sizes, counts and nesting are bounded, names
 * come once, and the tensors cover the bytes behind the header without gap, overlap or rest.
 *
 * <p>A file is 8 bytes of header length (little-endian), the header (JSON), and the tensors' bytes.
 */
public final class SafetensorsReader {
  private static final int LENGTH_BYTES = 8;

  /** Reads a whole file into memory, within {@link SafetensorsLimits#DEFAULT}. */
  public static SafetensorsFile read(Path file) throws SafetensorsException {
    return read(file, SafetensorsLimits.DEFAULT);
  }

  /**
   * Reads a whole file into memory.
   *
   * @throws SafetensorsException if the file cannot be read, is not valid, or exceeds the limits
   */
  public static SafetensorsFile read(Path file, SafetensorsLimits limits)
      throws SafetensorsException {
    String name = file.toString();
    try (SeekableByteChannel channel = Files.newByteChannel(file)) {
      long size = channel.size();
      checkSize(name, size, limits);
      ByteBuffer bytes = ByteBuffer.allocate((int) size);
      while (bytes.hasRemaining()) {
        if (channel.read(bytes) < 0) {
          throw new SafetensorsException(
              name, "file", size + " bytes", bytes.position() + " bytes while reading");
        }
      }
      return read(bytes.flip(), name, limits);
    } catch (SafetensorsException e) {
      throw e;
    } catch (IOException e) {
      throw new SafetensorsException(name, "file", "a readable file", e.toString());
    }
  }

  /** Reads the bytes of a file, within {@link SafetensorsLimits#DEFAULT}. */
  public static SafetensorsFile read(ByteBuffer bytes, String name) throws SafetensorsException {
    return read(bytes, name, SafetensorsLimits.DEFAULT);
  }

  /**
   * Reads the bytes of a file. The tensors are views: the bytes must not change afterwards.
   *
   * @param bytes the file, from the buffer's position to its limit, which are left as they are
   * @param name what to call the file in error messages
   * @throws SafetensorsException if the bytes are not valid or exceed the limits
   */
  public static SafetensorsFile read(ByteBuffer bytes, String name, SafetensorsLimits limits)
      throws SafetensorsException {
    checkSize(name, bytes.remaining(), limits);
    ByteBuffer file = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    int headerLength = headerLength(file, name, limits);
    Header header =
        Header.parse(name, limits, decode(file.slice(LENGTH_BYTES, headerLength), name));
    int dataStart = LENGTH_BYTES + headerLength;
    Map<String, Tensor> tensors =
        tensors(header, file.slice(dataStart, file.limit() - dataStart), name);
    return new SafetensorsFile(tensors, header.metadata());
  }

  private static void checkSize(String name, long size, SafetensorsLimits limits)
      throws SafetensorsException {
    long limit = Math.min(limits.fileBytes(), Integer.MAX_VALUE - 8);
    if (size > limit) {
      throw new SafetensorsException(name, "file", "at most " + limit + " bytes", size + " bytes");
    }
  }

  private static int headerLength(ByteBuffer file, String name, SafetensorsLimits limits)
      throws SafetensorsException {
    if (file.limit() < LENGTH_BYTES) {
      throw new SafetensorsException(
          name, "file", "at least " + LENGTH_BYTES + " bytes", file.limit() + " bytes");
    }
    long length = file.getLong(0);
    long available = (long) file.limit() - LENGTH_BYTES;
    if (length < 0 || length > limits.headerBytes() || length > available) {
      throw new SafetensorsException(
          name,
          "header length",
          "at most " + Math.min(limits.headerBytes(), available),
          Long.toUnsignedString(length));
    }
    if (length == 0 || file.get(LENGTH_BYTES) != '{') {
      throw new SafetensorsException(name, "header", "JSON that begins with '{'", "something else");
    }
    return (int) length;
  }

  private static String decode(ByteBuffer header, String name) throws SafetensorsException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(header).toString();
    } catch (CharacterCodingException e) {
      throw new SafetensorsException(name, "header", "UTF-8", "other bytes");
    }
  }

  private static Map<String, Tensor> tensors(Header header, ByteBuffer data, String name)
      throws SafetensorsException {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    long covered = 0;
    for (Header.Entry entry : header.entries()) {
      String what = SafetensorsException.tensor(entry.name());
      if (entry.begin() != covered || entry.end() < entry.begin()) {
        throw new SafetensorsException(
            name,
            what + " data_offsets",
            "to begin at " + covered + ", without gap or overlap",
            "[" + entry.begin() + ", " + entry.end() + "]");
      }
      if (entry.end() > data.limit()) {
        throw new SafetensorsException(
            name,
            what + " data_offsets",
            "to end within the file's " + data.limit() + " bytes of data",
            entry.end());
      }
      long length = Shapes.byteLength(entry.dtype(), entry.shape());
      if (length != entry.end() - entry.begin()) {
        throw new SafetensorsException(
            name,
            what,
            length < 0
                ? "a shape whose size fits 63 bits"
                : length + " bytes for its dtype and shape",
            entry.end() - entry.begin() + " bytes");
      }
      tensors.put(
          entry.name(),
          new Tensor(entry.dtype(), entry.shape(), data.slice((int) covered, (int) length)));
      covered = entry.end();
    }
    if (covered != data.limit()) {
      throw new SafetensorsException(
          name,
          "file",
          "to end behind its last tensor, at data byte " + covered,
          data.limit() - covered + " trailing bytes");
    }
    return tensors;
  }

  private SafetensorsReader() {}
}
