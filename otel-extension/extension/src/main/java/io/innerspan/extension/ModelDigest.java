package io.innerspan.extension;

import io.opentelemetry.javaagent.innerspan.bridge.ModelOpening;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The SHA-256 of a model that is about to be opened, of its graft or of its tokenizer, in lowercase
 * hexadecimal.
 */
final class ModelDigest {
  private static final int CHUNK = 1 << 18;

  static String of(ModelOpening opening) throws IOException {
    MessageDigest digest = sha256();
    if (opening.bytes() != null) {
      digest.update(opening.bytes().duplicate());
    } else if (opening.file() != null) {
      update(digest, opening.file());
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  static String of(Path file) throws IOException {
    MessageDigest digest = sha256();
    update(digest, file);
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Of a file of no more than so many bytes; null of a larger one. */
  static @Nullable String of(Path file, long largest) throws IOException {
    MessageDigest digest = sha256();
    return update(digest, file, largest) ? HexFormat.of().formatHex(digest.digest()) : null;
  }

  static String of(byte[] bytes) {
    return HexFormat.of().formatHex(sha256().digest(bytes));
  }

  private static void update(MessageDigest digest, Path file) throws IOException {
    update(digest, file, Long.MAX_VALUE);
  }

  private static boolean update(MessageDigest digest, Path file, long largest) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (channel.size() > largest) {
        return false;
      }
      long left = largest; // The file may grow meanwhile.
      while (left >= 0) {
        int read = channel.read(chunk.clear());
        if (read < 0) {
          return true;
        }
        left -= read;
        digest.update(chunk.flip());
      }
      return false;
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private ModelDigest() {}
}
