package io.innerspan.signals.pack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.innerspan.signals.InvalidValueException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ZipArchiveTest {
  private static final PackLimits LIMITS = PackLimits.DEFAULT;
  private static final String TEXT = "hello, hello, hello";

  @ParameterizedTest
  @ValueSource(ints = {ZipEntry.DEFLATED, ZipEntry.STORED})
  void read_entry_isItsBytes(int method) throws IOException {
    ZipArchive archive = open(zip(method, "a.txt", "folder/", "b"));

    assertThat(text(archive, "a.txt")).isEqualTo(TEXT);
    assertThat(text(archive, "b")).isEqualTo(TEXT);
  }

  @Test
  void open_commentAtTheEnd_isFine() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.setComment("PK\5\6 looks like an end but is none");
      zip.putNextEntry(new ZipEntry("a"));
      zip.closeEntry();
    }

    assertThat(open(out.toByteArray()).read("a", 10).remaining()).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../a", "a/../b", "..", "a/..", "/a", "/", "\\a", "a\\..\\b", "C:a", "a\0b", ""})
  void open_nameThatLeavesTheZip_isRefused(String name) throws IOException {
    byte[] zip = zip(ZipEntry.DEFLATED, "good", "x".repeat(Math.max(1, name.length())));
    if (name.isEmpty()) {
      zip[directory(zip, 1) + 28] = 0;
    } else {
      byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
      System.arraycopy(bytes, 0, zip, directory(zip, 1) + 46, bytes.length);
    }

    refused(zip, name.isEmpty() ? "zip entry" : "a relative name that stays inside the zip");
  }

  @Test
  void open_symbolicLink_isRefused() throws IOException {
    byte[] zip = zip(ZipEntry.STORED, "link");
    buffer(zip).putInt(directory(zip, 0) + 38, 0120777 << 16);

    refused(zip, "zip entry 'link': expected a file, found a symbolic link");
  }

  @Test
  void open_regularUnixFile_isFine() throws IOException {
    byte[] zip = zip(ZipEntry.STORED, "a");
    buffer(zip).putInt(directory(zip, 0) + 38, 0100644 << 16);

    assertThat(text(open(zip), "a")).isEqualTo(TEXT);
  }

  @Test
  void open_nameTwice_isRefused() throws IOException {
    byte[] zip = zip(ZipEntry.STORED, "a", "b");
    zip[directory(zip, 1) + 46] = 'a';

    refused(zip, "expected names that differ, found 'a' twice");
  }

  @Test
  void open_encryptedOrUnknownMethod_isRefused() throws IOException {
    byte[] encrypted = zip(ZipEntry.STORED, "a");
    encrypted[directory(encrypted, 0) + 8] |= 1;
    refused(encrypted, "found encrypted data");

    byte[] unknown = zip(ZipEntry.STORED, "a");
    unknown[directory(unknown, 0) + 10] = 12;
    refused(unknown, "found method 12");
  }

  @Test
  void open_bomb_isRefusedUnread() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      zip.putNextEntry(new ZipEntry("bomb"));
      zip.write(new byte[4 << 20]);
      zip.closeEntry();
    }

    refused(out.toByteArray(), "zip entry 'bomb': expected a compression of at most 200");
  }

  @Test
  void open_moreThanTheLimits_isRefused() throws IOException {
    byte[] zip = zip(ZipEntry.STORED, "a", "b");

    assertThatThrownBy(() -> open(zip, new PackLimits(99, 99, 99, 1, 99)))
        .hasMessage("zip: expected at most 1 entries, found 2");
    assertThatThrownBy(() -> open(zip, new PackLimits(99, 99, 2 * TEXT.length() - 1, 9, 99)))
        .hasMessage("zip: expected at most 37 bytes unpacked, found 38 bytes");
    assertThatThrownBy(() -> open(zip).read("a", TEXT.length() - 1))
        .hasMessage("size: expected at most 18 bytes, found 19 bytes");
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 1})
  void read_wrongSizeInTheDirectory_isRefused(int difference) throws IOException {
    for (int method : new int[] {ZipEntry.DEFLATED, ZipEntry.STORED}) {
      byte[] zip = zip(method, "a");
      buffer(zip).putInt(directory(zip, 0) + 24, TEXT.length() + difference);

      assertThatThrownBy(() -> open(zip).read("a", 99))
          .isInstanceOf(InvalidValueException.class)
          .hasMessageStartingWith("size: expected " + (TEXT.length() + difference) + " bytes");
    }
  }

  @Test
  void read_changedByte_failsTheChecksum() throws IOException {
    byte[] zip = zip(ZipEntry.STORED, "a");
    zip[30 + 1] ^= 1;

    assertThatThrownBy(() -> open(zip).read("a", 99)).hasMessageStartingWith("CRC-32");
  }

  @Test
  void read_otherNameInTheLocalHeader_isRefused() throws IOException {
    byte[] zip = zip(ZipEntry.STORED, "a");
    zip[30] = 'b';

    assertThatThrownBy(() -> open(zip).read("a", 99))
        .hasMessageStartingWith("zip: expected the same name in both headers");
  }

  @Test
  void read_nameInAFolder_isNotFoundAtTheTop() throws IOException {
    assertThatThrownBy(() -> open(zip(ZipEntry.STORED, "pack/probe.json")).read("probe.json", 99))
        .hasMessage("file: expected an entry at the top of the zip, found 'pack/probe.json'");
    assertThatThrownBy(() -> open(zip(ZipEntry.STORED, "a")).read("probe.json", 99))
        .hasMessage("file: expected an entry at the top of the zip, found none");
  }

  @Test
  void open_noZip_isRefused() {
    refused(new byte[0], "none: not a zip");
    refused(new byte[100], "none: not a zip");
    refused("PK\3\4 but no more".getBytes(StandardCharsets.US_ASCII), "none: not a zip");
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 4})
  void read_mutatedZip_isReadRightOrRefused(long seed) throws IOException {
    Random random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < 2_000; i++) {
      byte[] zip = zip(random.nextBoolean() ? ZipEntry.STORED : ZipEntry.DEFLATED, "a", "b");
      for (int j = random.nextInt(3); j >= 0; j--) {
        zip[random.nextInt(zip.length)] = (byte) random.nextInt(256);
      }
      try {
        assertThat(text(open(zip), "a")).isEqualTo(TEXT);
      } catch (InvalidValueException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(400, 1_999);
  }

  private static void refused(byte[] zip, String message) {
    assertThatThrownBy(() -> open(zip))
        .isInstanceOf(InvalidValueException.class)
        .hasMessageContaining(message);
  }

  private static ZipArchive open(byte[] zip) {
    return open(zip, LIMITS);
  }

  private static ZipArchive open(byte[] zip, PackLimits limits) {
    return ZipArchive.open(ByteBuffer.wrap(zip), limits);
  }

  private static String text(ZipArchive archive, String name) {
    return StandardCharsets.UTF_8.decode(archive.read(name, 1000)).toString();
  }

  private static byte[] zip(int method, String... names) throws IOException {
    byte[] text = TEXT.getBytes(StandardCharsets.UTF_8);
    CRC32 crc = new CRC32();
    crc.update(text);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(out)) {
      for (String name : names) {
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(method);
        boolean folder = name.endsWith("/");
        entry.setSize(folder ? 0 : text.length);
        entry.setCrc(folder ? 0 : crc.getValue());
        zip.putNextEntry(entry);
        zip.write(text, 0, folder ? 0 : text.length);
        zip.closeEntry();
      }
    }
    return out.toByteArray();
  }

  /** Where the record of an entry begins in the central directory. */
  private static int directory(byte[] zip, int entry) {
    ByteBuffer buffer = buffer(zip);
    int at = buffer.getInt(zip.length - 6);
    for (int i = 0; i < entry; i++) {
      at += 46 + buffer.getShort(at + 28) + buffer.getShort(at + 30);
    }
    return at;
  }

  private static ByteBuffer buffer(byte[] zip) {
    return ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
  }
}
