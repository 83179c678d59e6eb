package io.innerspan.workbench.capture;

import io.innerspan.signals.safetensors.DType;
import io.innerspan.signals.safetensors.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Rows of floats on disk, written in any order and read as one mapped tensor. */
final class RowFile implements AutoCloseable {
  private final FileChannel channel;
  private final long rows;
  private int width;

  RowFile(Path file, long rows) throws IOException {
    this.rows = rows;
    channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.DELETE_ON_CLOSE);
  }

  void write(long firstRow, float[][] values) throws IOException {
    width = values[0].length;
    if (rows * width * Float.BYTES > Integer.MAX_VALUE) {
      throw new CaptureTooLargeException(rows, width);
    }
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * width * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (float[] row : values) {
      bytes.asFloatBuffer().put(row);
      bytes.position(bytes.position() + width * Float.BYTES);
    }
    bytes.flip();
    long at = firstRow * width * Float.BYTES;
    while (bytes.hasRemaining()) {
      at += channel.write(bytes, at);
    }
  }

  /** The rows, {@code [rows, width]}; valid until closed. */
  Tensor tensor() throws IOException {
    ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
    return new Tensor(DType.F32, new long[] {rows, width}, mapped);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
