package io.innerspan.extension.delivery;

import io.innerspan.semconv.DeliverySignal;
import java.nio.file.Path;

/** A request in a file. Used by one thread. */
final class Stored {
  /** Files take whole blocks. */
  private static final long BLOCK = 4096;

  private final DeliverySignal signal;
  private final int items;
  private final Path file;
  private final long bytes;

  /** Whether it is being sent: then it is not given up for others. */
  boolean sending;

  /**
   * @param length of the file in bytes
   */
  Stored(DeliverySignal signal, int items, Path file, long length) {
    this.signal = signal;
    this.items = items;
    this.file = file;
    this.bytes = blocks(length);
  }

  /** What a file of a length takes on disk. */
  static long blocks(long length) {
    return (length + BLOCK - 1) / BLOCK * BLOCK;
  }

  DeliverySignal signal() {
    return signal;
  }

  int items() {
    return items;
  }

  Path file() {
    return file;
  }

  long bytes() {
    return bytes;
  }
}
