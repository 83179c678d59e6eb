package io.innerspan.signals.pack;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Writes packs. The same pack gives the same bytes. The manifest goes last, so that a pack which
 * was written by half has none.
 */
public final class PackWriter {
  private static final LocalDateTime ZIP_EPOCH = LocalDateTime.of(1980, 1, 1, 0, 0);

  /**
   * Writes a pack and reads it back.
   *
   * @param folderOrZip a zip if the name ends in {@code .zip}, else a folder, which is made if need
   *     be; a pack that is already there is replaced, other files are left alone
   * @return what was written, as {@link PackReader} sees it; its digest is that of the manifest
   *     written, which differs from the given pack's if that one was read from another writer's
   * @throws PackException if the pack cannot be written, or not read back
   */
  public static ProbePack write(Path folderOrZip, ProbePack pack) throws PackException {
    PackImage image = PackImage.of(pack);
    try {
      if (isZip(folderOrZip)) {
        writeZip(folderOrZip, image);
      } else {
        writeFolder(folderOrZip, image);
      }
    } catch (IOException e) {
      throw new PackException(folderOrZip.toString(), PackImage.MANIFEST, "to be writable", e);
    }
    return PackReader.read(folderOrZip);
  }

  static boolean isZip(Path path) {
    return path.toString().toLowerCase(Locale.ROOT).endsWith(".zip");
  }

  private static void writeFolder(Path folder, PackImage image) throws IOException {
    Files.createDirectories(folder);
    Path manifest = folder.resolve(PackImage.MANIFEST);
    Files.deleteIfExists(manifest);
    for (Map.Entry<String, byte[]> file : image.files().entrySet()) {
      Files.write(folder.resolve(file.getKey()), file.getValue());
    }
    Files.write(manifest, image.manifest());
  }

  private static void writeZip(Path zip, PackImage image) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>(image.files());
    files.put(PackImage.MANIFEST, image.manifest());
    try (OutputStream out = Files.newOutputStream(zip)) {
      writeZip(out, files);
    }
  }

  /** Writes a zip's files in their order; its end goes last. */
  static void writeZip(OutputStream out, Map<String, byte[]> files) throws IOException {
    try (ZipOutputStream entries = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        writeEntry(entries, file.getKey(), file.getValue());
      }
    }
  }

  private static void writeEntry(ZipOutputStream zip, String name, byte[] bytes)
      throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(ZIP_EPOCH);
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }

  private PackWriter() {}
}
