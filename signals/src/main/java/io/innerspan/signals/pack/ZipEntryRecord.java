package io.innerspan.signals.pack;

import io.innerspan.signals.InvalidValueException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** One record of a zip's central directory. */
record ZipEntryRecord(
    String name, boolean stored, int crc, long compressed, long size, long offset) {
  private static final int SIGNATURE = 0x02014b50;
  private static final int FIXED_BYTES = 46;
  private static final int ENCRYPTED = 1;
  private static final int UNIX_TYPE = 0170000;
  private static final int UNIX_LINK = 0120000;

  /** Reads the record at the buffer's position and moves behind it. */
  static ZipEntryRecord read(ByteBuffer directory) {
    int start = directory.position();
    if (directory.remaining() < FIXED_BYTES || directory.getInt(start) != SIGNATURE) {
      throw new InvalidValueException("zip", "a central directory record", "other bytes");
    }
    int flags = directory.getShort(start + 8);
    int method = Short.toUnsignedInt(directory.getShort(start + 10));
    int nameLength = Short.toUnsignedInt(directory.getShort(start + 28));
    int rest =
        Short.toUnsignedInt(directory.getShort(start + 30))
            + Short.toUnsignedInt(directory.getShort(start + 32));
    if (directory.remaining() < FIXED_BYTES + nameLength + rest) {
      throw new InvalidValueException("zip", "a whole central directory", "a truncated one");
    }
    String name = name(directory.slice(start + FIXED_BYTES, nameLength));
    checkKind(name, flags, method, directory.getInt(start + 38) >>> 16);
    directory.position(start + FIXED_BYTES + nameLength + rest);
    return new ZipEntryRecord(
        name,
        method == 0,
        directory.getInt(start + 16),
        Integer.toUnsignedLong(directory.getInt(start + 20)),
        Integer.toUnsignedLong(directory.getInt(start + 24)),
        Integer.toUnsignedLong(directory.getInt(start + 42)));
  }

  boolean isFolder() {
    return name.endsWith("/");
  }

  private static String name(ByteBuffer bytes) {
    String name;
    try {
      name = StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidValueException("zip entry", "a name in UTF-8", "other bytes");
    }
    boolean climbs = ("/" + name + "/").contains("/../");
    if (name.isEmpty()
        || climbs
        || name.startsWith("/")
        || name.indexOf('\\') >= 0
        || name.indexOf(':') >= 0
        || name.indexOf('\0') >= 0) {
      throw new InvalidValueException(
          "zip entry", "a relative name that stays inside the zip", "'" + name + "'");
    }
    return name;
  }

  private static void checkKind(String name, int flags, int method, int unixMode) {
    if ((unixMode & UNIX_TYPE) == UNIX_LINK) {
      throw new InvalidValueException("zip entry '" + name + "'", "a file", "a symbolic link");
    }
    if ((flags & ENCRYPTED) != 0) {
      throw new InvalidValueException("zip entry '" + name + "'", "plain data", "encrypted data");
    }
    if (method != 0 && method != 8) {
      throw new InvalidValueException(
          "zip entry '" + name + "'", "method 0 (stored) or 8 (deflated)", "method " + method);
    }
  }
}
