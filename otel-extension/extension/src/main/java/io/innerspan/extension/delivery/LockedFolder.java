package io.innerspan.extension.delivery;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder that one JVM alone works in, for as long as it holds the lock on a file there. The lock
 * ends with the process: then another JVM may take the folder.
 *
 * <p>It would also end when this JVM opened and closed the same file once more, as POSIX has it. So
 * nobody looks into a folder that is held here.
 */
final class LockedFolder implements AutoCloseable {
  private static final String PREFIX = "jvm-";
  private static final String NEW = ".new-";
  private static final String LOCK = "lock";

  /** What this JVM holds. */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path path;
  private final FileChannel channel;

  private LockedFolder(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
    HELD.add(key(path));
  }

  private static Path key(Path folder) {
    return folder.toAbsolutePath().normalize();
  }

  /** Makes a folder of this JVM in a directory, which need not exist; nobody else may look in. */
  static LockedFolder create(Path directory, long millis) throws IOException {
    FileAttribute<?>[] ownerOnly = ownerOnly();
    Files.createDirectories(directory, ownerOnly);
    String name =
        String.format(
            Locale.ROOT, "%s%013d-%08x", PREFIX, millis, ThreadLocalRandom.current().nextInt());
    // It gets its name when it is locked: no other JVM can take it for one that was left behind.
    Path made = Files.createDirectory(directory.resolve(NEW + name), ownerOnly);
    FileChannel channel = lock(made, StandardOpenOption.CREATE);
    if (channel == null) {
      throw new IOException("expected to lock " + made.resolve(LOCK) + ", found it locked");
    }
    try {
      return new LockedFolder(Files.move(made, directory.resolve(name)), channel);
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  /**
   * The folders in a directory that no living JVM holds, the oldest first; now held by this one.
   */
  static List<LockedFolder> leftBehind(Path directory) throws IOException {
    List<Path> folders;
    try (Stream<Path> all = Files.list(directory)) {
      folders =
          all.filter(path -> path.getFileName().toString().startsWith(PREFIX))
              .filter(path -> !HELD.contains(key(path)))
              .sorted()
              .toList();
    }
    List<LockedFolder> left = new ArrayList<>();
    for (Path folder : folders) {
      try {
        FileChannel channel = lock(folder, StandardOpenOption.WRITE);
        if (channel != null) {
          left.add(new LockedFolder(folder, channel));
        }
      } catch (IOException e) {
        // Another JVM was quicker, or nobody may open it: it stays as it is.
      }
    }
    return left;
  }

  private static @Nullable FileChannel lock(Path folder, StandardOpenOption option)
      throws IOException {
    FileChannel channel = FileChannel.open(folder.resolve(LOCK), option, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Of this JVM, such as by another agent.
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    return lock == null ? null : channel;
  }

  private static FileAttribute<?>[] ownerOnly() {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))
        }
        : new FileAttribute<?>[0];
  }

  Path path() {
    return path;
  }

  /** The files in it but for the lock, by name. */
  List<Path> files() throws IOException {
    try (Stream<Path> all = Files.list(path)) {
      return all.filter(file -> !file.getFileName().toString().equals(LOCK)).sorted().toList();
    }
  }

  /** Lets the folder go, and deletes it when nothing is in it. */
  @Override
  public void close() throws IOException {
    try (channel) {
      if (files().isEmpty()) {
        Files.deleteIfExists(path.resolve(LOCK));
        Files.deleteIfExists(path);
      }
    } finally {
      HELD.remove(key(path));
    }
  }
}
