package io.innerspan.signals.pack;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A pack as files in memory, to hand it to code that shares no class of ours. */
public final class PackContent {
  /**
   * The files of a pack.
   *
   * @return contents by name
   */
  public static Map<String, byte[]> of(ProbePack pack) {
    PackImage image = PackImage.of(pack);
    Map<String, byte[]> files = new LinkedHashMap<>(image.files());
    files.put(PackImage.MANIFEST, image.manifest());
    return files;
  }

  /**
   * Reads a pack within {@link PackLimits#DEFAULT}.
   *
   * @param name what to call it in errors
   * @param files contents by name, which must not change meanwhile
   * @throws PackException if the pack is not right
   */
  public static ProbePack read(String name, Map<String, byte[]> files) throws PackException {
    return PackReader.read(new InMemory(name, files), PackLimits.DEFAULT);
  }

  private record InMemory(String name, Map<String, byte[]> files) implements PackSource {
    @Override
    public List<String> names() {
      return files.keySet().stream().sorted().toList();
    }

    @Override
    public ByteBuffer read(String file, long maxBytes) throws PackException {
      byte[] content = files.get(file);
      if (content == null) {
        throw new PackException(
            PackException.Kind.UNREADABLE, name, file, "file", "one of " + names(), "none");
      }
      if (content.length > maxBytes) {
        throw new PackException(
            name, file, "size", "at most " + maxBytes + " bytes", content.length + " bytes");
      }
      return ByteBuffer.wrap(content);
    }
  }

  private PackContent() {}
}
