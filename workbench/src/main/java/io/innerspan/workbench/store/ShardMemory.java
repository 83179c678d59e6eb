package io.innerspan.workbench.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Memory outside the heap in which shards are put together, in pieces of one size that are used
 * again: memory that a process has not touched yet, and the pages of a file that the system has not
 * yet, cost more than the copy into them. Threads may ask at once.
 */
final class ShardMemory {
  /** The bytes of a piece: a multiple of the blocks of any disk. */
  static final int PIECE = 4 << 20;

  /** Beside it are the heap's size for buffers, and the runtime's own memory. */
  private static final int SHARE_OF_HEAP = 3;

  private static final long MOST_BYTES = 1L << 30;

  private final int block;
  private final IntFunction<ByteBuffer> allocation;
  private final Deque<ByteBuffer> free = new ArrayDeque<>();
  private long left;

  /**
   * @param bytes the most to be taken at once
   * @param block the bytes of which each piece's address is a multiple
   */
  ShardMemory(long bytes, int block) {
    this(bytes, block, ByteBuffer::allocateDirect);
  }

  ShardMemory(long bytes, int block, IntFunction<ByteBuffer> allocation) {
    this.left = bytes / PIECE;
    this.block = block;
    this.allocation = allocation;
  }

  /** As much as suits the heap, for files in a folder. */
  static ShardMemory in(Path folder) throws IOException {
    return new ShardMemory(
        Math.min(MOST_BYTES, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP), block(folder));
  }

  /** What the places of writes past the system's cache are multiples of. */
  private static int block(Path folder) throws IOException {
    try {
      long block = Files.getFileStore(folder).getBlockSize();
      boolean usual = Long.bitCount(block) == 1 && block <= PIECE;
      return usual ? (int) block : 1;
    } catch (UnsupportedOperationException e) {
      return 1;
    }
  }

  /** The number of pieces for so many bytes. */
  private static long pieces(long bytes) {
    return (bytes + PIECE - 1) / PIECE;
  }

  /** What the address of a piece is a multiple of; 1 when no writes need it. */
  int block() {
    return block;
  }

  /**
   * Pieces for a file, with any content.
   *
   * @param bytes the file's
   * @return null when there are not so many
   */
  synchronized @Nullable List<ByteBuffer> take(long bytes) {
    long count = pieces(bytes);
    if (count > left) {
      return null;
    }
    List<ByteBuffer> pieces = new ArrayList<>();
    try {
      while (pieces.size() < count) {
        ByteBuffer used = free.pollLast();
        pieces.add(used == null ? piece() : used);
      }
    } catch (OutOfMemoryError e) { // Less than was meant, such as by -XX:MaxDirectMemorySize.
      free.addAll(pieces);
      left = free.size();
      return null;
    }
    left -= count;
    return pieces;
  }

  private ByteBuffer piece() {
    return allocation.apply(PIECE + block).alignedSlice(block).slice(0, PIECE);
  }

  /** Takes back pieces. */
  synchronized void give(List<ByteBuffer> pieces) {
    free.addAll(pieces);
    left += pieces.size();
  }
}
