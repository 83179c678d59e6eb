package io.innerspan.djl.javaagent;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** SHA-256 in lowercase hexadecimal, by which packs are found. */
final class Digests {
  /** Of a file's bytes. */
  static String of(Path file) throws IOException {
    return of(List.of(file));
  }

  /** Of the bytes of files, one after another. */
  static String of(List<Path> files) throws IOException {
    try (DigestOutputStream digest = digest()) {
      for (Path file : files) {
        try (InputStream in = Files.newInputStream(file)) {
          in.transferTo(digest);
        }
      }
      return hex(digest);
    }
  }

  private static DigestOutputStream digest() {
    try {
      return new DigestOutputStream(
          OutputStream.nullOutputStream(), MessageDigest.getInstance("SHA-256"));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private static String hex(DigestOutputStream digest) {
    return HexFormat.of().formatHex(digest.getMessageDigest().digest());
  }

  private Digests() {}
}
