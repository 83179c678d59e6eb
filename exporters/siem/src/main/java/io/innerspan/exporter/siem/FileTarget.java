package io.innerspan.exporter.siem;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.List;

/**
 * Appends each finding as a line to a file that only its owner reads. The file is opened for each
 * batch, so that it can be moved away at any time.
 */
final class FileTarget implements Target {
  private static final FileAttribute<?>[] OWNER_ONLY =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
          ? new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
          }
          : new FileAttribute<?>[0];

  private final Path file;
  private final FindingFormat format;

  FileTarget(Path file, FindingFormat format) {
    this.file = file;
    this.format = format;
  }

  @Override
  public Receipt send(List<Finding> findings) throws IOException {
    StringBuilder lines = new StringBuilder();
    findings.forEach(finding -> lines.append(format.write(finding)).append('\n'));
    ByteBuffer bytes = UTF_8.encode(lines.toString());
    try (FileChannel channel =
        FileChannel.open(file, EnumSet.of(CREATE, WRITE, APPEND), OWNER_ONLY)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
    }
    return Receipt.taken();
  }
}
