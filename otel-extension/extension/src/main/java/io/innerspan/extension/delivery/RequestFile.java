package io.innerspan.extension.delivery;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/** The files that requests wait in: four letters, the body's CRC-32C, the body. */
final class RequestFile {
  /** The file holds something else than was written. */
  static final class DamagedException extends Exception {
    private static final long serialVersionUID = 1;

    DamagedException(Path file, String detail) {
      super(file.getFileName() + ": " + detail);
    }
  }

  static final String UNFINISHED = ".tmp";

  private static final int MAGIC = 0x49534431; // "ISD1"
  private static final int HEADER = 8;

  /** How long the file of a body is. */
  static long length(byte[] body) {
    return HEADER + (long) body.length;
  }

  /**
   * Writes a file that is there as a whole or not at all.
   *
   * @param durable whether it has to survive the machine's end too, and not only the process'
   */
  static void write(Path file, byte[] body, boolean durable) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + UNFINISHED);
    try {
      try (FileChannel channel =
          FileChannel.open(
              unfinished,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE)) {
        writeAll(channel, ByteBuffer.allocate(HEADER).putInt(MAGIC).putInt(crc(body)).flip());
        writeAll(channel, ByteBuffer.wrap(body));
        if (durable) {
          channel.force(true);
        }
      }
      Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Files.deleteIfExists(unfinished);
      throw e;
    }
  }

  private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  static byte[] read(Path file) throws IOException, DamagedException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
    if (bytes.remaining() < HEADER || bytes.getInt() != MAGIC) {
      throw new DamagedException(file, "expected a request of ours, found something else");
    }
    int expected = bytes.getInt();
    byte[] body = new byte[bytes.remaining()];
    bytes.get(body);
    if (crc(body) != expected) {
      throw new DamagedException(file, "expected another checksum than that of its content");
    }
    return body;
  }

  private static int crc(byte[] body) {
    CRC32C crc = new CRC32C();
    crc.update(body);
    return (int) crc.getValue();
  }

  private RequestFile() {}
}
