package io.innerspan.signals.monitor;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Lets through one finding of a dedup key at a time, and gives each its id: one per JVM, so that
 * several sessions of one model do not tell the same. It remembers {@value #KEYS} keys at most, and
 * of more those that came last. Thread-safe.
 */
public final class FindingGate {
  static final int KEYS = 4096;
  private static final int HEX_BYTES = 16;

  private final String origin;
  private final Map<String, Held> held =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Held> eldest) {
          return size() > KEYS;
        }
      };
  private long sequence;

  private static final class Held {
    long nanos;
    long suppressed;
  }

  /**
   * @param origin what tells this JVM from all others, such as a random text
   */
  public FindingGate(String origin) {
    this.origin = origin;
  }

  /**
   * Asks for a finding.
   *
   * @return how many of the same key were held back since the last one, or −1 to hold this one back
   *     too
   */
  public synchronized long admit(String dedupKey, Moment now, double holdSeconds) {
    Held last = held.get(dedupKey);
    if (last == null) {
      last = new Held();
      held.put(dedupKey, last);
    } else {
      long elapsed = now.nanos() - last.nanos;
      // A clock that went back says nothing about how long it was.
      if (elapsed >= 0 && elapsed < holdSeconds * 1e9) {
        last.suppressed++;
        return -1;
      }
    }
    long suppressed = last.suppressed;
    last.suppressed = 0;
    last.nanos = now.nanos();
    return suppressed;
  }

  /** The id of the next finding. */
  public synchronized String nextId(String dedupKey) {
    return hex(origin, dedupKey, Long.toString(sequence++));
  }

  /** The beginning of a SHA-256 over texts, in 32 hexadecimal digits. */
  public static String hex(String... parts) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      for (String part : parts) {
        sha256.update(part.getBytes(StandardCharsets.UTF_8));
        sha256.update((byte) 0);
      }
      return HexFormat.of().formatHex(sha256.digest(), 0, HEX_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("SHA-256 is part of every JDK", e);
    }
  }
}
