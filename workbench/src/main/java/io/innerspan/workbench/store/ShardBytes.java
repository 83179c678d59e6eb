package io.innerspan.workbench.store;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The bytes of a file whose size is known, written in any order. */
interface ShardBytes extends Closeable {
  /** Opens a file, empty whatever it held. */
  static FileChannel open(Path file) throws IOException {
    return FileChannel.open(
        file,
        StandardOpenOption.CREATE,
        StandardOpenOption.TRUNCATE_EXISTING,
        StandardOpenOption.WRITE);
  }

  /** Writes the rest of a buffer. Threads may write at once, each to places of its own. */
  void write(long at, ByteBuffer bytes) throws IOException;

  /**
   * Brings what was written down to the disk, once all of it is there, and closes.
   *
   * @return the file's {@link Checksum}
   */
  String finish() throws IOException;
}
