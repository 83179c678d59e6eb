package io.innerspan.onnxruntime.session;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** What tells cheaply that a file is not the one it was. */
record FileStamp(long size, long modified, @Nullable Object key) {
  static FileStamp of(Path file) throws IOException {
    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
    return new FileStamp(
        attributes.size(), attributes.lastModifiedTime().toMillis(), attributes.fileKey());
  }
}
