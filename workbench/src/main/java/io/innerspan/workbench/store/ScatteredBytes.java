package io.innerspan.workbench.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/** Bytes that go to their places in the file as they come, and take no memory. */
final class ScatteredBytes implements ShardBytes {
  private final Path file;
  private final FileChannel channel;

  ScatteredBytes(Path file) throws IOException {
    this.file = file;
    channel = ShardBytes.open(file);
  }

  @Override
  public void write(long at, ByteBuffer bytes) throws IOException {
    for (long place = at; bytes.hasRemaining(); ) {
      place += channel.write(bytes, place);
    }
  }

  @Override
  public String finish() throws IOException {
    channel.force(true);
    channel.close();
    return Checksum.of(file);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
