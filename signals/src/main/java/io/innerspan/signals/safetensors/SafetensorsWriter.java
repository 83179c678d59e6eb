package io.innerspan.signals.safetensors;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes safetensors files. The same tensors and metadata give the same bytes, whatever the order
 * of the maps; see {@link SafetensorsLayout}.
 */
public final class SafetensorsWriter {
  /**
   * Writes a file, replacing what was there.
   *
   * @throws SafetensorsException if the file cannot be written
   */
  public static void write(Path file, Map<String, Tensor> tensors, Map<String, String> metadata)
      throws SafetensorsException {
    SafetensorsLayout layout = layout(tensors, metadata);
    try (SeekableByteChannel channel =
        Files.newByteChannel(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      writeFully(channel, ByteBuffer.wrap(layout.header()));
      for (String name : layout.names()) {
        writeFully(channel, data(tensors, name));
      }
    } catch (IOException e) {
      throw new SafetensorsException(file.toString(), "file", "a writable file", e.toString());
    }
  }

  /** The bytes that {@link #write} would write; at most 2 GiB. */
  public static byte[] toBytes(Map<String, Tensor> tensors, Map<String, String> metadata) {
    SafetensorsLayout layout = layout(tensors, metadata);
    ByteBuffer bytes = ByteBuffer.allocate(Math.toIntExact(layout.size())).put(layout.header());
    for (String name : layout.names()) {
      bytes.put(data(tensors, name));
    }
    return bytes.array();
  }

  private static SafetensorsLayout layout(
      Map<String, Tensor> tensors, Map<String, String> metadata) {
    Map<String, SafetensorsLayout.Entry> entries = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) ->
            entries.put(name, new SafetensorsLayout.Entry(tensor.dtype(), tensor.shape())));
    return SafetensorsLayout.of(entries, metadata);
  }

  private static ByteBuffer data(Map<String, Tensor> tensors, String name) {
    Tensor tensor = tensors.get(name);
    if (tensor == null) {
      throw new IllegalStateException("a layout of other tensors: " + name);
    }
    return tensor.data();
  }

  private static void writeFully(SeekableByteChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  private SafetensorsWriter() {}
}
