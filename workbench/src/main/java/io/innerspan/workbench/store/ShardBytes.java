package io.innerspan.workbench.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The bytes of a file whose size is known, written in any order. */
interface ShardBytes extends Closeable {
  /** Writes the rest of a buffer. Threads may write at once, each to places of its own. */
  void write(long at, ByteBuffer bytes) throws IOException;

  /**
   * Brings what was written down to the disk, once all of it is there, and closes.
   *
   * @return the file's {@link Checksum}
   */
  String finish() throws IOException;
}
