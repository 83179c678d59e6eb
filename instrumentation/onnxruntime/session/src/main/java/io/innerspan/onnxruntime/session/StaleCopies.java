package io.innerspan.onnxruntime.session;

import io.opentelemetry.javaagent.innerspan.bridge.TemporaryFiles;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;

/**
 * Removes the copies that a killed JVM left behind. Beside a live copy lies a file that its JVM has
 * locked; the operating system frees the lock when the process ends, however it ends.
 *
 * <p>The lock is not on the copy: POSIX frees a process's locks on a file as soon as the process
 * closes it once, and the engine opens and closes the copy. For the same reason nobody looks at the
 * locks of this JVM.
 */
final class StaleCopies {
  private static final String LOCK = ".lock";

  /** A copy this young may not be locked yet. */
  private static final Duration SETTLING = Duration.ofMinutes(5);

  /**
   * Says that a copy is this JVM's, until what is returned is given to {@link #unmark}. On a file
   * system without locks nobody can tell, and nobody removes it.
   */
  static FileChannel mark(Path copy) throws IOException {
    Path lock = lock(copy);
    FileChannel channel =
        FileChannel.open(lock, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    TemporaryFiles.deleteAtExit(lock);
    try {
      channel.tryLock();
    } catch (IOException | OverlappingFileLockException e) {
      // A file system without locks.
    }
    return channel;
  }

  /** The copy is gone. */
  static void unmark(Path copy, FileChannel mark) throws IOException {
    mark.close();
    TemporaryFiles.delete(lock(copy));
  }

  private static Path lock(Path copy) {
    return copy.resolveSibling(copy.getFileName() + LOCK);
  }

  static void remove(Path folder, Instant now) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, StaleCopies::mayBeStale)) {
      for (Path file : files) {
        removeIfStale(file, now);
      }
    } catch (IOException | RuntimeException e) {
      // The folder cannot be listed: nothing depends on it.
    }
  }

  private static boolean mayBeStale(Path file) {
    return ModelCopy.isCopy(copy(file)) && Files.isRegularFile(file) && Files.isWritable(file);
  }

  /** The copy that a file is, or is the lock of: one of the two may be left alone. */
  private static Path copy(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(LOCK)
        ? file.resolveSibling(name.substring(0, name.length() - LOCK.length()))
        : file;
  }

  private static void removeIfStale(Path file, Instant now) {
    try {
      if (Files.getLastModifiedTime(file).toInstant().isBefore(now.minus(SETTLING))) {
        removeUnlessLocked(copy(file));
      }
    } catch (IOException | RuntimeException e) {
      // Another JVM cleans the same folder, or has no locks there.
    }
  }

  private static void removeUnlessLocked(Path copy) throws IOException {
    Path lock = lock(copy);
    if (TemporaryFiles.isOurs(lock)) {
      return;
    }
    if (!Files.exists(lock)) {
      Files.deleteIfExists(copy);
      return;
    }
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
      if (channel.tryLock() != null) {
        Files.deleteIfExists(copy);
        Files.deleteIfExists(lock);
      }
    }
  }

  private StaleCopies() {}
}
