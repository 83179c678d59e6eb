package io.innerspan.workbench.calibrate;

import io.innerspan.signals.pack.PackReader;
import io.innerspan.signals.pack.PackWriter;
import io.innerspan.signals.pack.ProbePack;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;

/** Puts a pack in another's place. */
final class PackReplacement {
  private static final String MANIFEST = "probe.json";

  /**
   * Writes the pack beside the old one, where a full disk does no harm, and only then moves its
   * files; the manifest last, so that a pack by half has none. Other files stay.
   */
  static ProbePack of(Path pack, ProbePack by) throws IOException {
    boolean folder = Files.isDirectory(pack);
    // Folders of packs are read without what begins with a dot.
    Path beside = Files.createTempDirectory(pack.toAbsolutePath().getParent(), ".innerspan-");
    Path fresh = folder ? beside : beside.resolve("pack.zip");
    try {
      PackWriter.write(fresh, by);
      if (folder) {
        moveFiles(fresh, pack);
      } else {
        Files.move(fresh, pack, StandardCopyOption.REPLACE_EXISTING);
      }
    } finally {
      delete(beside);
    }
    return PackReader.read(pack);
  }

  private static void moveFiles(Path from, Path to) throws IOException {
    Files.deleteIfExists(to.resolve(MANIFEST));
    for (Path file : files(from)) {
      Path name = file.getFileName();
      if (!name.toString().equals(MANIFEST)) {
        Files.move(file, to.resolve(name), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Files.move(from.resolve(MANIFEST), to.resolve(MANIFEST));
  }

  private static void delete(Path folder) throws IOException {
    for (Path file : files(folder)) {
      Files.delete(file);
    }
    Files.delete(folder);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private PackReplacement() {}
}
