package io.innerspan.recorder.content;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Salted digests: equal texts have equal ones, and without the secret nobody finds a text by trying
 * likely ones. HMAC-SHA-256 (RFC 2104). Thread-safe.
 */
final class Digester {
  private static final String ALGORITHM = "HmacSHA256";
  private static final String PREFIX = "hmac-sha256:";
  private static final int LONGEST = 1 << 20;
  private static final int SALT_BYTES = 32;
  private static final int FEWEST_BYTES = 16;

  private final SecretKeySpec key;

  Digester(byte[] salt) {
    this.key = new SecretKeySpec(salt, ALGORITHM);
  }

  /**
   * With the secret that a file holds; without a file, one that ends with the process.
   *
   * @throws IOException when it cannot be read or is too short to be one
   */
  static Digester of(@Nullable Path file) throws IOException {
    if (file == null) {
      byte[] salt = new byte[SALT_BYTES];
      new SecureRandom().nextBytes(salt);
      return new Digester(salt);
    }
    byte[] salt =
        Files.readString(file, StandardCharsets.ISO_8859_1)
            .strip()
            .getBytes(StandardCharsets.ISO_8859_1);
    if (salt.length < FEWEST_BYTES) {
      throw new IOException(
          file
              + ": expected a secret of at least "
              + FEWEST_BYTES
              + " bytes, found "
              + salt.length);
    }
    return new Digester(salt);
  }

  CapturedText digest(String text) throws ContentDroppedException {
    boolean truncated = text.length() > LONGEST;
    String digested = truncated ? text.substring(0, LONGEST) : text;
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      byte[] digest = mac.doFinal(digested.getBytes(StandardCharsets.UTF_8));
      return new CapturedText(
          null, PREFIX + HexFormat.of().formatHex(digest), text.length(), truncated, List.of());
    } catch (GeneralSecurityException e) {
      throw new ContentDroppedException("no digest: " + e.getClass().getName());
    }
  }
}
