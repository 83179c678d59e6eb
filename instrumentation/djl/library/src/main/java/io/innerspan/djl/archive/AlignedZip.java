package io.innerspan.djl.archive;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes a ZIP of uncompressed entries, each of whose data begins at a multiple of 64 bytes, as
 * libtorch's own writer does it: by an extra field {@code FB} of padding. Equal entries give equal
 * bytes.
 */
final class AlignedZip implements Closeable {
  private static final int ALIGNMENT = 64;
  private static final int LOCAL_HEADER = 30;
  private static final int EXTRA_HEADER = 4;
  private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private final ZipOutputStream zip;
  private long position;

  AlignedZip(OutputStream out) {
    zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
    zip.setMethod(ZipOutputStream.STORED);
  }

  void add(String name, byte[] data) throws IOException {
    CRC32 crc = new CRC32();
    crc.update(data);
    begin(name, data.length, crc.getValue());
    zip.write(data);
    zip.closeEntry();
  }

  /** Adds an entry whose size and checksum are known; other ones are a ZipException. */
  void add(String name, InputStream data, long size, long crc) throws IOException {
    begin(name, size, crc);
    data.transferTo(zip);
    zip.closeEntry();
  }

  private void begin(String name, long size, long crc) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(NO_TIME);
    entry.setSize(size);
    entry.setCompressedSize(size);
    entry.setCrc(crc);
    long header = position + LOCAL_HEADER + name.getBytes(StandardCharsets.UTF_8).length;
    int padding = (int) (-(header + EXTRA_HEADER) & (ALIGNMENT - 1));
    entry.setExtra(extra(padding));
    zip.putNextEntry(entry);
    position = header + EXTRA_HEADER + padding + size;
  }

  private static byte[] extra(int padding) {
    byte[] extra = new byte[EXTRA_HEADER + padding];
    Arrays.fill(extra, (byte) 'Z');
    extra[0] = 'F';
    extra[1] = 'B';
    extra[2] = (byte) padding;
    extra[3] = 0;
    return extra;
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }
}
