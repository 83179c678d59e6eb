package io.opentelemetry.javaagent.innerspan.bridge;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Files that must not outlive the JVM. {@code File.deleteOnExit} remembers each name for ever,
 * which an application that opens and closes sessions all day would pay for; here a file is
 * forgotten once it is deleted. In the loader that lives as long as the JVM: a shutdown hook of an
 * application's loader would keep that from being unloaded. Thread-safe.
 */
public final class TemporaryFiles {
  static final String EXIT_THREAD = "innerspan-files";

  private static final Set<Path> FILES = ConcurrentHashMap.newKeySet();

  static {
    // If the JVM is ending already, a later one removes what is left.
    ExitHook.add(
        EXIT_THREAD,
        () -> {
          NativeWork.stop(); // An engine that opens one of the files for us must find it.
          deleteAll();
        });
  }

  /** Has a file deleted when the JVM ends. */
  public static void deleteAtExit(Path file) {
    FILES.add(key(file));
  }

  /** Deletes a file now, whether it exists or not, and forgets it. */
  public static void delete(Path file) throws IOException {
    Files.deleteIfExists(file);
    FILES.remove(key(file));
  }

  /** Whether a file would be deleted if the JVM ended now: it is in use here. */
  public static boolean isOurs(Path file) {
    return FILES.contains(key(file));
  }

  private static Path key(Path file) {
    return file.toAbsolutePath().normalize();
  }

  /** How many files would be deleted if the JVM ended now. */
  public static int count() {
    return FILES.size();
  }

  private static void deleteAll() {
    for (Path file : FILES) {
      try {
        delete(file);
      } catch (IOException | RuntimeException e) {
        // A later JVM removes it.
      }
    }
  }

  private TemporaryFiles() {}
}
