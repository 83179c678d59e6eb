package io.innerspan.workbench.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * The CRC-32C (RFC 3720, appendix B.4) of a shard's file, in lowercase hexadecimal. It finds what
 * disks and interrupted copies do; whoever forges a shard can write the index as well, so a
 * cryptographic digest would prove no more, at twenty times the price.
 */
final class Checksum {
  private static final int CHUNK = 1 << 18;

  static String of(Path file) throws IOException {
    CRC32C crc = new CRC32C();
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      while (channel.read(chunk.clear()) >= 0) {
        crc.update(chunk.flip());
      }
    }
    return text(crc);
  }

  static String text(CRC32C crc) {
    return String.format(Locale.ROOT, "%08x", crc.getValue());
  }

  private Checksum() {}
}
