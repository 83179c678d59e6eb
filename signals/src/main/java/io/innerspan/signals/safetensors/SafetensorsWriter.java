package io.innerspan.signals.safetensors;

import com.google.gson.stream.JsonWriter;
import io.innerspan.signals.InvalidValueException;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes safetensors files. The same tensors and metadata give the same bytes, whatever the order
 * of the maps: tensors lie by falling size of their elements, then by name (as the format's own
 * library lays them), so that each begins at a multiple of its element size.
 */
public final class SafetensorsWriter {
  private static final int ALIGNMENT = 8;

  /**
   * Writes a file, replacing what was there.
   *
   * @throws SafetensorsException if the file cannot be written
   */
  public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata)
      throws SafetensorsException {
    List<Map.Entry<String, Tensor>> ordered = order(tensors);
    try (SeekableByteChannel channel =
        Files.newByteChannel(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      writeFully(channel, header(ordered, metadata));
      for (Map.Entry<String, Tensor> tensor : ordered) {
        writeFully(channel, tensor.getValue().data());
      }
    } catch (IOException e) {
      throw new SafetensorsException(file.toString(), "file", "a writable file", e.toString());
    }
  }

  /** The bytes that {@link #write} would write; at most 2 GiB. */
  public static byte[] toBytes(Map<String, Tensor> tensors, Map<String, String> metadata) {
    List<Map.Entry<String, Tensor>> ordered = order(tensors);
    ByteBuffer header = header(ordered, metadata);
    long size = header.remaining();
    for (Map.Entry<String, Tensor> tensor : ordered) {
      size += tensor.getValue().data().remaining();
    }
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(size)).put(header);
    for (Map.Entry<String, Tensor> tensor : ordered) {
      bytes.put(tensor.getValue().data());
    }
    return bytes.array();
  }

  private static List<Map.Entry<String, Tensor>> order(Map<String, Tensor> tensors) {
    if (tensors.containsKey("__metadata__")) {
      throw new InvalidValueException(
          "tensors", "names other than the format's own __metadata__", "__metadata__");
    }
    Comparator<Map.Entry<String, Tensor>> bySize =
        Comparator.comparingInt(entry -> -entry.getValue().dtype().bytes());
    return tensors.entrySet().stream().sorted(bySize.thenComparing(Map.Entry::getKey)).toList();
  }

  private static ByteBuffer header(
      List<Map.Entry<String, Tensor>> tensors, Map<String, String> metadata) {
    StringWriter text = new StringWriter();
    try (JsonWriter json = new JsonWriter(text)) {
      json.setHtmlSafe(false);
      json.beginObject();
      writeMetadata(json, metadata);
      long begin = 0;
      for (Map.Entry<String, Tensor> tensor : tensors) {
        long end = begin + tensor.getValue().data().remaining();
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
    return bytes.flip();
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

  private static void writeEntry(JsonWriter json, Tensor tensor, long begin, long end)
      throws IOException {
    json.beginObject().name("dtype").value(tensor.dtype().name()).name("shape").beginArray();
    for (long dimension : tensor.shape()) {
      json.value(dimension);
    }
    json.endArray().name("data_offsets").beginArray().value(begin).value(end).endArray();
    json.endObject();
  }

  private static void writeFully(SeekableByteChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private SafetensorsWriter() {}
}
