package io.innerspan.signals.pack;

import io.innerspan.signals.InvalidValueException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** A pack that is a zip, held in memory and never unpacked to a disk. */
final class ZipSource implements PackSource {
  private final String name;
  private final ZipArchive archive;

  private ZipSource(String name, ZipArchive archive) {
    this.name = name;
    this.archive = archive;
  }

  static ZipSource open(Path zip, PackLimits limits) throws PackException {
    String name = zip.toString();
    try {
      // The zip itself may be reached through a link; a root has no name and is no file either.
      Path real = zip.toRealPath();
      Path folder = Objects.requireNonNullElse(real.getParent(), real);
      String file = real.getFileName() == null ? "" : real.getFileName().toString();
      ByteBuffer bytes = new FolderSource(folder).read(file, limits.totalBytes());
      return new ZipSource(name, ZipArchive.open(bytes, limits));
    } catch (InvalidValueException fault) {
      throw new PackException(name, "zip", fault);
    } catch (PackException e) {
      throw e;
    } catch (IOException e) {
      throw new PackException(name, "pack", "a readable folder or zip", e);
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<String> names() {
    return archive.names();
  }

  @Override
  public ByteBuffer read(String file, long maxBytes) throws PackException {
    try {
      return archive.read(file, maxBytes);
    } catch (InvalidValueException fault) {
      throw new PackException(name, file, fault);
    }
  }
}
