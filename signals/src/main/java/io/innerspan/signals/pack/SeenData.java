package io.innerspan.signals.pack;

import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.safetensors.DType;
import io.innerspan.signals.safetensors.Tensor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What the weights, the choices and the calibration of a pack have seen, as salted digests: whoever
 * has a text can ask whether it was there; nobody can read one out. The digest of a text is the
 * first eight bytes, big-endian, of the SHA-256 over the salt, a line feed, {@code text} or {@code
 * group}, a line feed, and the text in UTF-8, its ASCII white space made single spaces, none at the
 * ends, in lower case (a group's name is taken as it is).
 *
 * @param salt 64 lowercase hexadecimal digits
 * @param texts digests of texts, I64 {@code [n]}, ascending, each once
 * @param groups digests of group names, I64 {@code [m]}, ascending, each once
 */
public record SeenData(String salt, Tensor texts, Tensor groups) {
  private static final Pattern WHITE_SPACE = Pattern.compile("[ \\t\\n\\x0B\\f\\r]+");
  private static final Pattern ENDS = Pattern.compile("^ | $");

  public SeenData {
    Formats.check("training_data.seen.salt", Formats.SHA256, salt);
    check("training_data.seen.texts", texts);
    check("training_data.seen.groups", groups);
  }

  /** The digests of texts and of the names of the groups that they belong to. */
  public static SeenData of(String salt, Collection<String> texts, Collection<String> groups) {
    return new SeenData(
        salt,
        sorted(texts.stream().mapToLong(text -> text(salt, text)).toArray()),
        sorted(groups.stream().mapToLong(group -> digest(salt, "group", group)).toArray()));
  }

  /** Text as it is compared: single spaces, none at the ends, lower case. */
  public static String normalised(String text) {
    String spaced = WHITE_SPACE.matcher(text).replaceAll(" ");
    return ENDS.matcher(spaced).replaceAll("").toLowerCase(Locale.ROOT);
  }

  /** Answers for many texts. */
  public Lookup lookup() {
    return new Lookup(salt, texts.toLongs(), groups.toLongs());
  }

  /** The digests, unpacked; safe to share between threads. */
  public static final class Lookup {
    private final String salt;
    private final long[] texts;
    private final long[] groups;

    private Lookup(String salt, long[] texts, long[] groups) {
      this.salt = salt;
      this.texts = texts;
      this.groups = groups;
    }

    /** Whether the text, in whatever spacing and case, was seen. */
    public boolean hasText(String text) {
      return Arrays.binarySearch(texts, text(salt, text)) >= 0;
    }

    /** Whether a group of this name was seen. */
    public boolean hasGroup(String group) {
      return Arrays.binarySearch(groups, digest(salt, "group", group)) >= 0;
    }
  }

  private static long text(String salt, String text) {
    return digest(salt, "text", normalised(text));
  }

  private static long digest(String salt, String what, String value) {
    MessageDigest sha256;
    try {
      sha256 = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    byte[] all = (salt + "\n" + what + "\n" + value).getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.wrap(sha256.digest(all)).getLong();
  }

  private static Tensor sorted(long[] digests) {
    return Tensor.ofLongs(Arrays.stream(digests).sorted().distinct().toArray());
  }

  private static void check(String what, Tensor digests) {
    if (digests.dtype() != DType.I64 || digests.rank() != 1) {
      throw new InvalidValueException(what, "I64 of the shape [n]", digests);
    }
    long[] values = digests.toLongs();
    for (int i = 1; i < values.length; i++) {
      if (values[i] <= values[i - 1]) {
        throw new InvalidValueException(
            what + "[" + i + "]", "more than the one before, " + values[i - 1], values[i]);
      }
    }
  }
}
