package io.innerspan.onnxruntime.session;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Removes the copies that a killed JVM left behind. A live copy is locked by its JVM, on a byte
 * that no model reaches so that readers are never hindered; the operating system frees the lock
 * when the process ends, however it ends.
 */
final class StaleCopies {
  private static final long LOCK_POSITION = Long.MAX_VALUE - 1;

  /** A copy this young may not be locked yet. */
  private static final Duration SETTLING = Duration.ofMinutes(5);

  static @Nullable FileLock mark(FileChannel channel) {
    try {
      return channel.tryLock(LOCK_POSITION, 1, false);
    } catch (IOException | OverlappingFileLockException e) {
      return null; // A file system without locks: the copy is still removed on close and exit.
    }
  }

  static void remove(Path folder, Instant now) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, StaleCopies::mayBeStale)) {
      for (Path file : files) {
        if (Files.getLastModifiedTime(file).toInstant().isBefore(now.minus(SETTLING))) {
          removeUnlessLocked(file);
        }
      }
    } catch (IOException | RuntimeException e) {
      // Another JVM cleans the same folder, or the folder cannot be listed: nothing depends on it.
    }
  }

  private static boolean mayBeStale(Path file) {
    return ModelCopy.isCopy(file) && Files.isRegularFile(file) && Files.isWritable(file);
  }

  private static void removeUnlessLocked(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      FileLock lock = channel.tryLock(LOCK_POSITION, 1, false);
      if (lock != null) {
        Files.deleteIfExists(file);
      }
    } catch (OverlappingFileLockException e) {
      // Locked by this very JVM: in use.
    }
  }

  private StaleCopies() {}
}
