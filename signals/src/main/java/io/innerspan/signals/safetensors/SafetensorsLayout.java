package io.innerspan.signals.safetensors;

import com.google.gson.stream.JsonWriter;
import io.innerspan.signals.InvalidValueException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where the tensors of a file lie, known before their elements are: who writes a file in no
 * particular order needs no more than this in memory. Tensors lie by falling size of their
 * elements, then by name (as the format's own library lays them), so that each begins at a multiple
 * of its element size. Immutable.
 */
public final class SafetensorsLayout {
  private static final int ALIGNMENT = 8;

  /**
   * A tensor without its elements.
   *
   * @param dtype the type of the elements
   * @param shape the dimensions, none negative; copied on the way in and out
   */
  @SuppressWarnings("ArrayRecordComponent")
  public record Entry(DType dtype, long[] shape) {
    public Entry {
      shape = shape.clone();
      if (Shapes.byteLength(dtype, shape) < 0) {
        throw new InvalidValueException(
            "tensor " + dtype, "a shape whose size fits 63 bits", Arrays.toString(shape));
      }
    }

    /** A copy of the dimensions. */
    @Override
    public long[] shape() {
      return shape.clone();
    }

    /** The number of bytes. */
    public long bytes() {
      return Shapes.byteLength(dtype, shape);
    }
  }

  private final byte[] header;
  private final Map<String, Long> offsets;
  private final long size;

  private SafetensorsLayout(byte[] header, Map<String, Long> offsets, long size) {
    this.header = header;
    this.offsets = offsets;
    this.size = size;
  }

  /** The layout of tensors, by name; the order of the maps does not matter. */
  public static SafetensorsLayout of(Map<String, Entry> tensors, Map<String, String> metadata) {
    if (tensors.containsKey("__metadata__")) {
      throw new InvalidValueException(
          "tensors", "names other than the format's own __metadata__", "__metadata__");
    }
    Comparator<Map.Entry<String, Entry>> bySize =
        Comparator.comparingInt(entry -> -entry.getValue().dtype().bytes());
    List<Map.Entry<String, Entry>> ordered =
        tensors.entrySet().stream().sorted(bySize.thenComparing(Map.Entry::getKey)).toList();
    byte[] header = header(ordered, metadata);
    Map<String, Long> offsets = new LinkedHashMap<>();
    long at = header.length;
    for (Map.Entry<String, Entry> tensor : ordered) {
      offsets.put(tensor.getKey(), at);
      at = Math.addExact(at, tensor.getValue().bytes());
    }
    return new SafetensorsLayout(header, offsets, at);
  }

  /** The bytes before the first tensor. */
  public byte[] header() {
    return header.clone();
  }

  /** The names in the order of the file. */
  public List<String> names() {
    return List.copyOf(offsets.keySet());
  }

  /** Where a tensor's first byte is in the file. */
  public long offset(String name) {
    Long offset = offsets.get(name);
    if (offset == null) {
      throw new InvalidValueException("tensor", "one of " + offsets.keySet(), name);
    }
    return offset;
  }

  /** The bytes of the whole file. */
  public long size() {
    return size;
  }

  private static byte[] header(
      List<Map.Entry<String, Entry>> tensors, Map<String, String> metadata) {
    StringWriter text = new StringWriter();
    try (JsonWriter json = new JsonWriter(text)) {
      json.setHtmlSafe(false);
      json.beginObject();
      writeMetadata(json, metadata);
      long begin = 0;
      for (Map.Entry<String, Entry> tensor : tensors) {
        long end = Math.addExact(begin, tensor.getValue().bytes());
        json.name(tensor.getKey());
        writeEntry(json, tensor.getValue(), begin, end);
        begin = end;
      }
      json.endObject();
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot fail to be written", e);
    }
    byte[] header = text.toString().getBytes(StandardCharsets.UTF_8);
    int padded =
        Math.multiplyExact(Math.addExact(header.length, ALIGNMENT - 1) / ALIGNMENT, ALIGNMENT);
    ByteBuffer bytes = ByteBuffer.allocate(Long.BYTES + padded).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(padded).put(header);
    while (bytes.hasRemaining()) {
      bytes.put((byte) ' ');
    }
    return bytes.array();
  }

  private static void writeMetadata(JsonWriter json, Map<String, String> metadata)
      throws IOException {
    if (metadata.isEmpty()) {
      return;
    }
    json.name("__metadata__").beginObject();
    for (Map.Entry<String, String> entry : new TreeMap<>(metadata).entrySet()) {
      json.name(entry.getKey()).value(entry.getValue());
    }
    json.endObject();
  }

  private static void writeEntry(JsonWriter json, Entry tensor, long begin, long end)
      throws IOException {
    json.beginObject().name("dtype").value(tensor.dtype().name()).name("shape").beginArray();
    for (long dimension : tensor.shape()) {
      json.value(dimension);
    }
    json.endArray().name("data_offsets").beginArray().value(begin).value(end).endArray();
    json.endObject();
  }
}
