package io.innerspan.djl;

import java.io.IOException;
import java.io.OutputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 in lowercase hexadecimal, by which packs are found. */
public final class Sha256 {
  /** What writes bytes. */
  @FunctionalInterface
  public interface Content {
    /** Writes them; the stream stays the caller's to close. */
    void writeTo(OutputStream out) throws IOException;
  }

  /** Of all that is written. */
  public static String of(Content content) throws IOException {
    try (DigestOutputStream out =
        new DigestOutputStream(OutputStream.nullOutputStream(), digest())) {
      content.writeTo(out);
      return HexFormat.of().formatHex(out.getMessageDigest().digest());
    }
  }

  private static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private Sha256() {}
}
