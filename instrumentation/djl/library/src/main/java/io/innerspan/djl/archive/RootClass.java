package io.innerspan.djl.archive;

import io.innerspan.djl.archive.ArchiveRefusedException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The class of the root module: the first thing that the pickle of the tree names, {@code PROTO 2,
 * GLOBAL module name}.
 */
final class RootClass {
  private static final int PROTO = 0x80;
  private static final int VERSION = 2;
  private static final int GLOBAL = 'c';
  private static final int MOST = 4096;

  static String of(InputStream pickle, Path path) throws IOException, ArchiveRefusedException {
    byte[] start = pickle.readNBytes(MOST);
    if (start.length < 3
        || (start[0] & 0xff) != PROTO
        || start[1] != VERSION
        || start[2] != GLOBAL) {
      throw refused(path, "another pickle");
    }
    String[] lines = new String(start, 3, start.length - 3, StandardCharsets.UTF_8).split("\n", 3);
    if (lines.length < 3 || !(lines[0].equals("__torch__") || lines[0].startsWith("__torch__."))) {
      throw refused(path, "a tree that begins with " + lines[0]);
    }
    return lines[0] + "." + lines[1];
  }

  private static ArchiveRefusedException refused(Path path, String found) {
    return new ArchiveRefusedException(
        Reason.NOT_TORCHSCRIPT,
        path.getFileName() + ": expected a tree of modules in data.pkl, found " + found);
  }

  private RootClass() {}
}
