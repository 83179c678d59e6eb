package io.innerspan.signals.pack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A pack that is a folder. Links inside of it are not followed. */
final class FolderSource implements PackSource {
  private static final Set<OpenOption> READ_NO_LINK =
      Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);

  private final Path folder;

  FolderSource(Path folder) {
    this.folder = folder;
  }

  @Override
  public String name() {
    return folder.toString();
  }

  @Override
  public List<String> names() throws PackException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException | UncheckedIOException e) {
      throw new PackException(name(), "folder", "a readable folder", e);
    }
  }

  @Override
  public ByteBuffer read(String file, long maxBytes) throws PackException {
    Path path = folder.resolve(file);
    try {
      return readAll(path, file, maxBytes);
    } catch (PackException e) {
      throw e;
    } catch (IOException e) {
      throw new PackException(name(), file, "a readable file", e);
    }
  }

  private ByteBuffer readAll(Path path, String file, long maxBytes) throws IOException {
    BasicFileAttributes attributes =
        Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
    if (!attributes.isRegularFile()) {
      String found = attributes.isSymbolicLink() ? "a symbolic link" : "something else";
      throw new PackException(
          PackException.Kind.UNREADABLE, name(), file, "file", "a regular file", found);
    }
    try (SeekableByteChannel channel = Files.newByteChannel(path, READ_NO_LINK)) {
      long size = channel.size();
      if (size > maxBytes) {
        throw new PackException(
            name(), file, "size", "at most " + maxBytes + " bytes", size + " bytes");
      }
      ByteBuffer bytes = ByteBuffer.allocate((int) size);
      while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
        // Until all is read; a file that shrinks meanwhile fails its digest.
      }
      return bytes.flip();
    }
  }
}
