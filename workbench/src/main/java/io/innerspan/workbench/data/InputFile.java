package io.innerspan.workbench.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Checks of the paths that a user names. */
public final class InputFile {
  /** The same path, when a regular file is there. */
  public static Path existing(Path file) {
    if (Files.isDirectory(file)) {
      throw BadInput.in(file, "a file", "a directory");
    }
    if (!Files.exists(file)) {
      throw BadInput.in(file, "a file", "nothing there");
    }
    return file;
  }

  /** The same path, when nothing or an empty directory is there. */
  public static Path emptyDirectory(Path directory) {
    if (!Files.exists(directory)) {
      checkCreatable(directory);
      return directory;
    }
    if (!Files.isDirectory(directory)) {
      throw BadInput.in(directory, "no such path or an empty directory", "a file");
    }
    try (Stream<Path> entries = Files.list(directory)) {
      long count = entries.count();
      if (count > 0) {
        throw BadInput.in(
            directory, "no such path or an empty directory", "a directory with entries: " + count);
      }
    } catch (IOException e) {
      throw BadInput.in(directory, "a readable directory", String.valueOf(e));
    }
    return directory;
  }

  /** The same path, when a file can be written there; asked before the work, not after it. */
  public static Path writable(Path file) {
    if (Files.isDirectory(file)) {
      throw BadInput.in(file, "a file to write", "a directory");
    }
    Path folder = file.toAbsolutePath().normalize().getParent();
    if (folder == null || !Files.isDirectory(folder)) {
      throw BadInput.in(file, "a file in a folder that is there", "no folder " + folder);
    }
    if (!Files.isWritable(folder)) {
      throw BadInput.in(file, "a file in a writable folder", "no permission for " + folder);
    }
    return file;
  }

  private static void checkCreatable(Path directory) {
    Path existing = directory.toAbsolutePath().normalize();
    while (existing != null && !Files.exists(existing)) {
      existing = existing.getParent();
    }
    if (existing == null || !Files.isDirectory(existing)) {
      throw BadInput.in(directory, "a path below a folder", "the file " + existing);
    }
    if (!Files.isWritable(existing)) {
      throw BadInput.in(
          directory, "a path below a writable folder", "no permission for " + existing);
    }
  }

  private InputFile() {}
}
