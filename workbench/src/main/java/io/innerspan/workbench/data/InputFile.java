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

  private InputFile() {}
}
