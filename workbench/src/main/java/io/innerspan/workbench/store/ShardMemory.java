package io.innerspan.workbench.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

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
  private final Deque<ByteBuffer> free = new ArrayDeque<>();
  private long left;

  /**
   * @param bytes the most to be promised
   * @param block the bytes of which each piece's address is a multiple
   */
  ShardMemory(long bytes, int block) {
    this.left = bytes / PIECE;
    this.block = block;
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
  static long pieces(long bytes) {
    return (bytes + PIECE - 1) / PIECE;
  }

  /** Promises pieces; false when there are not so many. */
  synchronized boolean promise(long pieces) {
    if (pieces > left) {
      return false;
    }
    left -= pieces;
    return true;
  }

  /** What the address of a piece is a multiple of; 1 when no writes need it. */
  int block() {
    return block;
  }

  /** A promised piece, with any content. */
  ByteBuffer take() {
    synchronized (this) {
      ByteBuffer piece = free.pollLast();
      if (piece != null) {
        return piece;
      }
    }
    return ByteBuffer.allocateDirect(PIECE + block).alignedSlice(block).slice(0, PIECE);
  }

  /** Takes back a piece that is not needed after all; the promise holds. */
  synchronized void leave(ByteBuffer piece) {
    free.addLast(piece);
  }

  /** Takes back a piece with its promise. */
  synchronized void give(ByteBuffer piece) {
    free.addLast(piece);
    left++;
  }
}
