package io.innerspan.djl.archive;

import io.innerspan.djl.archive.ArchiveRefusedException.Reason;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * A TorchScript archive on disk. Its code is read; tensors stay on disk and are copied from there.
 */
public final class ScriptArchive implements Closeable {
  /** The most bytes of code that are read. */
  public static final long MOST_CODE = 64L << 20;

  private static final String TREE = "data.pkl";
  private static final String CODE = "code/";
  private static final String SOURCE = ".py";
  private static final String DEBUG = ".debug_pkl";

  private final ZipFile zip;
  private final Path path;
  private final String folder;
  private final String rootClass;
  private final SortedMap<String, String> sources;

  private ScriptArchive(
      ZipFile zip, Path path, String folder, String rootClass, SortedMap<String, String> sources) {
    this.zip = zip;
    this.path = path;
    this.folder = folder;
    this.rootClass = rootClass;
    this.sources = Collections.unmodifiableSortedMap(sources);
  }

  /** Opens an archive. */
  public static ScriptArchive open(Path path) throws IOException, ArchiveRefusedException {
    ZipFile zip;
    try {
      zip = new ZipFile(path.toFile(), StandardCharsets.UTF_8);
    } catch (ZipException e) {
      throw new ArchiveRefusedException(
          Reason.NOT_AN_ARCHIVE,
          path.getFileName() + ": expected a ZIP, found none: " + e.getMessage(),
          e);
    }
    try {
      return read(zip, path);
    } catch (IllegalArgumentException | ZipException e) {
      // ZipFile's way to say that a name is no UTF-8.
      zip.close();
      throw new ArchiveRefusedException(
          Reason.NOT_AN_ARCHIVE, path.getFileName() + ": a damaged ZIP: " + e.getMessage(), e);
    } catch (IOException | ArchiveRefusedException | RuntimeException e) {
      zip.close();
      throw e;
    }
  }

  private static ScriptArchive read(ZipFile zip, Path path)
      throws IOException, ArchiveRefusedException {
    String folder = folder(zip, path);
    ZipEntry tree = zip.getEntry(folder + TREE);
    if (tree == null) {
      throw notTorchScript(path, "no entry " + folder + TREE);
    }
    String rootClass;
    try (InputStream pickle = zip.getInputStream(tree)) {
      rootClass = RootClass.of(pickle, path);
    }
    SortedMap<String, String> sources = new TreeMap<>();
    long left = MOST_CODE;
    for (ZipEntry entry : Collections.list(zip.entries())) {
      String name = entry.getName();
      if (!name.startsWith(folder + CODE) || !name.endsWith(SOURCE)) {
        continue;
      }
      byte[] text;
      try (InputStream in = zip.getInputStream(entry)) {
        text = in.readNBytes((int) left + 1);
      }
      left -= text.length;
      if (left < 0) {
        throw new ArchiveRefusedException(
            Reason.TOO_LARGE,
            path.getFileName() + ": expected at most " + MOST_CODE + " bytes of code, found more");
      }
      sources.put(
          name.substring(folder.length() + CODE.length()),
          new String(text, StandardCharsets.UTF_8));
    }
    if (sources.isEmpty()) {
      throw notTorchScript(path, "no code");
    }
    return new ScriptArchive(zip, path, folder, rootClass, sources);
  }

  private static String folder(ZipFile zip, Path path) throws ArchiveRefusedException {
    for (ZipEntry entry : Collections.list(zip.entries())) {
      int slash = entry.getName().indexOf('/');
      if (slash > 0) {
        return entry.getName().substring(0, slash + 1);
      }
    }
    throw notTorchScript(path, "no folder");
  }

  private static ArchiveRefusedException notTorchScript(Path path, String found) {
    return new ArchiveRefusedException(
        Reason.NOT_TORCHSCRIPT,
        path.getFileName() + ": expected an archive of TorchScript, found " + found);
  }

  /** The qualified name of the root module's class, such as {@code __torch__.Net}. */
  public String rootClass() {
    return rootClass;
  }

  /** The code by path, such as {@code __torch__/net.py}. */
  public Map<String, String> sources() {
    return sources;
  }

  /**
   * Writes the archive with some code changed, every entry uncompressed. What an exporter noted for
   * debugging of a changed file no longer fits and is left out.
   *
   * @param changes the new code by path
   */
  public void copy(OutputStream out, Map<String, String> changes)
      throws IOException, ArchiveRefusedException {
    try (AlignedZip target = new AlignedZip(out)) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        if (entry.isDirectory()) {
          continue;
        }
        String name = entry.getName();
        String inCode = name.startsWith(folder + CODE) ? name.substring(folder.length() + 5) : "";
        String changed = changes.get(inCode);
        if (changed != null) {
          target.add(name, changed.getBytes(StandardCharsets.UTF_8));
        } else if (!inCode.endsWith(DEBUG)
            || !changes.containsKey(inCode.substring(0, inCode.length() - DEBUG.length()))) {
          try (InputStream in = zip.getInputStream(entry)) {
            target.add(name, in, entry.getSize(), entry.getCrc());
          }
        }
      }
    } catch (ZipException e) {
      throw new ArchiveRefusedException(
          Reason.NOT_AN_ARCHIVE, path.getFileName() + ": a damaged ZIP: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() throws IOException {
    zip.close();
  }

  @Override
  public String toString() {
    return path.getFileName() + " of " + rootClass;
  }
}
