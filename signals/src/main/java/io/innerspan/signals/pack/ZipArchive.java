package io.innerspan.signals.pack;

import io.innerspan.signals.InvalidValueException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A zip in memory (APPNOTE 6.3, without zip64, parts and encryption). {@code java.util.zip} shows
 * neither links nor duplicate names, and reading a zip twice in two ways is how checks get fooled.
 */
final class ZipArchive {
  private static final int END_SIGNATURE = 0x06054b50;
  private static final int END_BYTES = 22;
  private static final int LOCAL_SIGNATURE = 0x04034b50;
  private static final int LOCAL_BYTES = 30;
  private static final int MAX_COMMENT = 0xffff;

  /** Below this, compression alone cannot do harm. */
  private static final long SMALL = 1 << 20;

  private final ByteBuffer zip;
  private final Map<String, ZipEntryRecord> entries = new LinkedHashMap<>();

  private ZipArchive(ByteBuffer zip) {
    this.zip = zip;
  }

  static ZipArchive open(ByteBuffer bytes, PackLimits limits) {
    ZipArchive archive = new ZipArchive(bytes.slice().order(ByteOrder.LITTLE_ENDIAN));
    archive.readDirectory(limits);
    return archive;
  }

  /** The entries' names in alphabetical order. */
  List<String> names() {
    return entries.keySet().stream().sorted().toList();
  }

  /** A file's bytes, proven against its size and CRC-32. */
  ByteBuffer read(String name, long maxBytes) {
    ZipEntryRecord entry = entries.get(name);
    if (entry == null) {
      throw new InvalidValueException("file", "an entry at the top of the zip", elsewhere(name));
    }
    if (entry.size() > maxBytes) {
      throw new InvalidValueException(
          "size", "at most " + maxBytes + " bytes", entry.size() + " bytes");
    }
    ByteBuffer data = data(entry);
    byte[] bytes = new byte[(int) entry.size()];
    if (entry.stored()) {
      if (entry.compressed() != entry.size()) {
        throw new InvalidValueException("size", entry.size() + " bytes", entry.compressed());
      }
      data.get(bytes);
    } else {
      inflate(data, bytes);
    }
    CRC32 crc = new CRC32();
    crc.update(bytes);
    if ((int) crc.getValue() != entry.crc()) {
      throw new InvalidValueException("CRC-32", Integer.toHexString(entry.crc()), "another");
    }
    return ByteBuffer.wrap(bytes);
  }

  private void readDirectory(PackLimits limits) {
    int end = endRecord();
    int count = Short.toUnsignedInt(zip.getShort(end + 10));
    long size = Integer.toUnsignedLong(zip.getInt(end + 12));
    long offset = Integer.toUnsignedLong(zip.getInt(end + 16));
    if (zip.getInt(end + 4) != 0 || zip.getShort(end + 8) != zip.getShort(end + 10)) {
      throw new InvalidValueException("zip", "a single part", "several");
    }
    if (offset + size != end) {
      throw new InvalidValueException(
          "zip", "a central directory right before the end (no zip64)", "another layout");
    }
    if (count > limits.files()) {
      throw new InvalidValueException("zip", "at most " + limits.files() + " entries", count);
    }
    ByteBuffer directory = zip.slice((int) offset, (int) size).order(ByteOrder.LITTLE_ENDIAN);
    long total = 0;
    for (int i = 0; i < count; i++) {
      ZipEntryRecord entry = ZipEntryRecord.read(directory);
      checkCompression(entry, limits);
      total += entry.size();
      if (entries.put(entry.name(), entry) != null) {
        throw new InvalidValueException("zip", "names that differ", "'" + entry.name() + "' twice");
      }
    }
    if (total > limits.totalBytes()) {
      throw new InvalidValueException(
          "zip", "at most " + limits.totalBytes() + " bytes unpacked", total + " bytes");
    }
    if (directory.hasRemaining()) {
      throw new InvalidValueException("zip", count + " entries", "more bytes in the directory");
    }
  }

  private int endRecord() {
    int last = zip.limit() - END_BYTES;
    for (int at = last; at >= Math.max(0, last - MAX_COMMENT); at--) {
      int comment = zip.limit() - at - END_BYTES;
      if (zip.getInt(at) == END_SIGNATURE
          && Short.toUnsignedInt(zip.getShort(at + 20)) == comment) {
        return at;
      }
    }
    throw new InvalidValueException("zip", "an end-of-directory record", "none: not a zip");
  }

  private static void checkCompression(ZipEntryRecord entry, PackLimits limits) {
    if (entry.size() > SMALL && entry.size() / limits.compression() > entry.compressed()) {
      throw new InvalidValueException(
          "zip entry '" + entry.name() + "'",
          "a compression of at most " + limits.compression(),
          entry.compressed() + " bytes that claim to hold " + entry.size());
    }
  }

  /** The compressed bytes behind the local header, which must tell of the same file. */
  private ByteBuffer data(ZipEntryRecord entry) {
    long offset = entry.offset();
    if (offset + LOCAL_BYTES > zip.limit() || zip.getInt((int) offset) != LOCAL_SIGNATURE) {
      throw new InvalidValueException("zip", "a local header at " + offset, "other bytes");
    }
    int start = (int) offset;
    int nameLength = Short.toUnsignedInt(zip.getShort(start + 26));
    long begin =
        start + LOCAL_BYTES + nameLength + (long) Short.toUnsignedInt(zip.getShort(start + 28));
    if (begin + entry.compressed() > zip.limit()) {
      throw new InvalidValueException("zip", "the whole entry", "a truncated one");
    }
    ByteBuffer localName = zip.slice(start + LOCAL_BYTES, nameLength);
    if (!StandardCharsets.UTF_8.encode(entry.name()).equals(localName)) {
      throw new InvalidValueException("zip", "the same name in both headers", "another");
    }
    return zip.slice((int) begin, (int) entry.compressed());
  }

  private static void inflate(ByteBuffer data, byte[] bytes) {
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(data);
      int filled = 0;
      while (filled < bytes.length && !inflater.finished()) {
        int count = inflater.inflate(bytes, filled, bytes.length - filled);
        if (count == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
          break;
        }
        filled += count;
      }
      // One more byte asked for: the stream must end exactly here.
      boolean more = !inflater.finished() && inflater.inflate(new byte[1]) > 0;
      if (filled < bytes.length || more || !inflater.finished()) {
        throw new InvalidValueException(
            "size", bytes.length + " bytes", more ? "more" : filled + " bytes");
      }
    } catch (DataFormatException e) {
      throw new InvalidValueException("compressed data", "deflate", "other bytes");
    } finally {
      inflater.end();
    }
  }

  private String elsewhere(String name) {
    for (String entry : entries.keySet()) {
      if (entry.endsWith("/" + name)) {
        return "'" + entry + "'";
      }
    }
    return "none";
  }
}
