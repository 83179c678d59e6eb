package io.innerspan.workbench.store;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicReferenceArray;
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
  private final AtomicReferenceArray<@Nullable ByteBuffer> pieces;
  private final FileChannel channel;

  /**
   * @param memory of which as many pieces as the size takes are promised
   */
  GatheredBytes(Path file, long size, ShardMemory memory) throws IOException {
    this.file = file;
    this.size = size;
    this.memory = memory;
    pieces = new AtomicReferenceArray<>(Math.toIntExact(ShardMemory.pieces(size)));
    channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE);
  }

  @Override
  public void write(long at, ByteBuffer bytes) {
    for (long place = at; bytes.hasRemaining(); ) {
      int offset = (int) (place % ShardMemory.PIECE);
      int length = Math.min(bytes.remaining(), ShardMemory.PIECE - offset);
      piece((int) (place / ShardMemory.PIECE)).put(offset, bytes, bytes.position(), length);
      bytes.position(bytes.position() + length);
      place += length;
    }
  }

  private ByteBuffer piece(int number) {
    ByteBuffer piece = pieces.get(number);
    if (piece != null) {
      return piece;
    }
    ByteBuffer taken = memory.take();
    ByteBuffer first = pieces.compareAndExchange(number, null, taken);
    if (first == null) {
      return taken;
    }
    memory.leave(taken);
    return first;
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
    for (int i = 0; i < pieces.length(); i++) {
      memory.give(piece(i));
    }
    return checksum;
  }

  private String checksum() {
    CRC32C crc = new CRC32C();
    for (int i = 0; i < pieces.length(); i++) {
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
    for (int i = 0; i < pieces.length(); i++) {
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
    return piece(number).duplicate().limit(Math.toIntExact(blocks * block));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
