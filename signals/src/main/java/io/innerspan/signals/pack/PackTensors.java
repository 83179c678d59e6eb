package io.innerspan.signals.pack;

import io.innerspan.signals.safetensors.SafetensorsException;
import io.innerspan.signals.safetensors.SafetensorsFile;
import io.innerspan.signals.safetensors.SafetensorsReader;
import io.innerspan.signals.safetensors.Tensor;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The verified files of a pack, and the tensors in them. */
final class PackTensors {
  private final String pack;
  private final Map<String, ByteBuffer> files;
  private final Map<String, SafetensorsFile> parsed = new HashMap<>();
  private long budget;

  private PackTensors(String pack, Map<String, ByteBuffer> files, PackLimits limits) {
    this.pack = pack;
    this.files = files;
    this.budget = limits.totalBytes();
  }

  /** Reads every file that the manifest lists, and proves each against its size and digest. */
  static PackTensors verify(PackSource source, Manifest manifest, PackLimits limits)
      throws PackException {
    if (manifest.files().size() > limits.files()) {
      throw new PackException(
          source.name(),
          PackImage.MANIFEST,
          "files",
          "at most " + limits.files(),
          manifest.files().size());
    }
    Map<String, ByteBuffer> files = new LinkedHashMap<>();
    long left = limits.totalBytes();
    for (Map.Entry<String, Manifest.FileDigest> entry : manifest.files().entrySet()) {
      String name = entry.getKey();
      Manifest.FileDigest file = entry.getValue();
      ByteBuffer bytes = source.read(name, Math.min(left, limits.fileBytes()));
      left -= bytes.remaining();
      if (bytes.remaining() != file.size()) {
        throw new PackException(
            PackException.Kind.FILE_DIGEST,
            source.name(),
            name,
            "size",
            file.size() + " bytes",
            bytes.remaining() + " bytes");
      }
      String digest = Sha256.hex(bytes);
      if (!digest.equals(file.sha256())) {
        throw new PackException(
            PackException.Kind.FILE_DIGEST, source.name(), name, "sha256", file.sha256(), digest);
      }
      files.put(name, bytes);
    }
    return new PackTensors(source.name(), files, limits);
  }

  String pack() {
    return pack;
  }

  /** A tensor; many references to one tensor are no way to a large heap. */
  Tensor get(Manifest.TensorRef reference) throws PackException {
    Tensor tensor = file(reference).tensors().get(reference.tensor());
    if (tensor == null) {
      throw new PackException(
          pack, reference.file(), "tensor '" + reference.tensor() + "'", "to be there", "nothing");
    }
    budget -= tensor.data().remaining();
    if (budget < 0) {
      throw new PackException(
          pack, PackImage.MANIFEST, reference.path(), "less tensor data in all", "more");
    }
    return tensor;
  }

  private SafetensorsFile file(Manifest.TensorRef reference) throws PackException {
    String name = reference.file();
    ByteBuffer bytes = files.get(name);
    if (bytes == null) {
      throw new PackException(
          pack,
          PackImage.MANIFEST,
          reference.path(),
          "a file that the manifest lists under files",
          "'" + name + "'");
    }
    SafetensorsFile file = parsed.get(name);
    if (file == null) {
      try {
        file = SafetensorsReader.read(bytes, name);
      } catch (SafetensorsException e) {
        throw new PackException(pack, name, e.what(), e.expected(), e.actual());
      }
      parsed.put(name, file);
    }
    return file;
  }
}
