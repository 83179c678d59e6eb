package io.innerspan.djl.javaagent;

import io.innerspan.djl.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** SHA-256 in lowercase hexadecimal, by which packs are found. */
final class Digests {
  /** Of a file's bytes. */
  static String of(Path file) throws IOException {
    return of(List.of(file));
  }

  /** Of the bytes of files, one after another. */
  static String of(List<Path> files) throws IOException {
    return Sha256.of(
        out -> {
          for (Path file : files) {
            Files.copy(file, out);
          }
        });
  }

  private Digests() {}
}
