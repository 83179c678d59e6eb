package io.innerspan.extension.delivery;

import io.innerspan.semconv.DeliverySignal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The folder with this JVM's requests: a file for each, named in their order. One thread's. */
class RequestFolder {
  private static final Pattern NAME = Pattern.compile("[0-9]{16}-([0-9]{1,9})\\.([a-z]+)");

  private final LockedFolder folder;
  private long number;

  private RequestFolder(LockedFolder folder) {
    this.folder = folder;
  }

  /** For tests that have a disk at fault. */
  RequestFolder(RequestFolder other) {
    this(other.folder);
  }

  /**
   * Makes a folder for this JVM.
   *
   * @param directory where those of all JVMs lie
   * @param millis the time, by which folders are ordered
   */
  static RequestFolder create(Path directory, long millis) throws IOException {
    return new RequestFolder(LockedFolder.create(directory, millis));
  }

  Path path() {
    return folder.path();
  }

  /** Takes over what JVMs that ended left in the directory, the oldest first. */
  List<Stored> takeOver(Path directory) throws IOException {
    List<Stored> taken = new ArrayList<>();
    for (LockedFolder left : LockedFolder.leftBehind(directory)) {
      try (left) {
        for (Path file : left.files()) {
          Stored stored = takeOverFile(file);
          if (stored != null) {
            taken.add(stored);
          }
        }
      } catch (IOException e) {
        // The next JVM tries again.
      }
    }
    return taken;
  }

  /** Returns null for a file that holds no request; one that was not finished is deleted. */
  private @Nullable Stored takeOverFile(Path file) throws IOException {
    String name = file.getFileName().toString();
    if (name.endsWith(RequestFile.UNFINISHED)) {
      Files.delete(file);
      return null;
    }
    Matcher matcher = NAME.matcher(name);
    DeliverySignal signal = matcher.matches() ? signal(matcher.group(2)) : null;
    if (signal == null) {
      return null;
    }
    int items = Integer.parseInt(matcher.group(1));
    long length = Files.size(file);
    Path moved = Files.move(file, next(signal, items), StandardCopyOption.ATOMIC_MOVE);
    return new Stored(signal, items, moved, length);
  }

  private static @Nullable DeliverySignal signal(String value) {
    for (DeliverySignal signal : DeliverySignal.values()) {
      if (signal.value().equals(value)) {
        return signal;
      }
    }
    return null;
  }

  private Path next(DeliverySignal signal, int items) {
    String name = String.format(Locale.ROOT, "%016d-%d.%s", number++, items, signal.value());
    return folder.path().resolve(name);
  }

  /** Writes a request; a finding survives the end of the machine. */
  Stored write(Request request) throws IOException {
    Path file = next(request.signal(), request.items());
    RequestFile.write(file, request.body(), request.signal() == DeliverySignal.FINDING);
    return new Stored(request.signal(), request.items(), file, RequestFile.length(request.body()));
  }

  void delete(Stored stored) throws IOException {
    Files.deleteIfExists(stored.file());
  }

  /** Lets the folder go; what waits there is left to another JVM. */
  void close() throws IOException {
    folder.close();
  }
}
