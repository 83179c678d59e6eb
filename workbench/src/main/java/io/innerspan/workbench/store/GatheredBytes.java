package io.innerspan.workbench.store;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Bytes that are put together in memory and go to the disk as a whole: past the system's cache
 * where it can, so that no page of it is taken, filled and written back.
 */
final class GatheredBytes implements ShardBytes {
  private final Path file;
  private final long size;
  private final ShardMemory memory;
  private final List<ByteBuffer> pieces;
  private final FileChannel channel;

  private GatheredBytes(Path file, long size, ShardMemory memory, List<ByteBuffer> pieces)
      throws IOException {
    this.file = file;
    this.size = size;
    this.memory = memory;
    this.pieces = pieces;
    channel = ShardBytes.open(file);
  }

  /** Null where there is no memory for the whole file. */
  static @Nullable GatheredBytes in(ShardMemory memory, Path file, long size) throws IOException {
    List<ByteBuffer> pieces = memory.take(size);
    return pieces == null ? null : new GatheredBytes(file, size, memory, pieces);
  }

  @Override
  public void write(long at, ByteBuffer bytes) {
    for (long place = at; bytes.hasRemaining(); ) {
      int offset = (int) (place % ShardMemory.PIECE);
      int length = Math.min(bytes.remaining(), ShardMemory.PIECE - offset);
      pieces.get((int) (place / ShardMemory.PIECE)).put(offset, bytes, bytes.position(), length);
      bytes.position(bytes.position() + length);
      place += length;
    }
  }

  @Override
  public String finish() throws IOException {
    String checksum = checksum();
    if (!isWrittenPastTheCache()) {
      writeThrough(channel, 1);
    }
    channel.truncate(size);
    channel.force(true);
    channel.close();
    memory.give(pieces);
    return checksum;
  }

  private String checksum() {
    CRC32C crc = new CRC32C();
    for (int i = 0; i < pieces.size(); i++) {
      crc.update(content(i, 1));
    }
    return Checksum.text(crc);
  }

  private boolean isWrittenPastTheCache() {
    if (memory.block() == 1) {
      return false;
    }
    try (FileChannel direct =
        FileChannel.open(file, StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT)) {
      writeThrough(direct, memory.block());
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      // Not every file system can; what fails for another reason fails again.
      return false;
    }
  }

  private void writeThrough(FileChannel to, int block) throws IOException {
    for (int i = 0; i < pieces.size(); i++) {
      ByteBuffer content = content(i, block);
      for (long place = (long) i * ShardMemory.PIECE; content.hasRemaining(); ) {
        place += to.write(content, place);
      }
    }
  }

  /** What a piece holds of the file, and as much more as makes whole blocks. */
  private ByteBuffer content(int number, int block) {
    long rest = size - (long) number * ShardMemory.PIECE;
    long blocks = (Math.min(rest, ShardMemory.PIECE) + block - 1) / block;
    return pieces.get(number).duplicate().limit(Math.toIntExact(blocks * block));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
