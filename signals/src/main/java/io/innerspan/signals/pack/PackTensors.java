package io.innerspan.signals.pack;

import io.innerspan.signals.Floats;
import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.OneLine;
import io.innerspan.signals.safetensors.DType;
import io.innerspan.signals.safetensors.SafetensorsException;
import io.innerspan.signals.safetensors.SafetensorsFile;
import io.innerspan.signals.safetensors.SafetensorsReader;
import io.innerspan.signals.safetensors.Tensor;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The verified files of a pack, and the tensors in them. */
final class PackTensors {
  /** From here on weights are a view of their file, which then stays in memory as a whole. */
  private static final int WORTH_A_VIEW = 1 << 20;

  private final String pack;
  private final Map<String, ByteBuffer> files;
  private final Map<String, SafetensorsFile> parsed = new HashMap<>();
  private final Map<String, SaeLensFiles.Contents> autoencoders = new HashMap<>();
  private long budget;

  private PackTensors(String pack, Map<String, ByteBuffer> files, PackLimits limits) {
    this.pack = pack;
    this.files = files;
    this.budget = limits.totalBytes();
  }

  /** Reads every file that the manifest lists, and proves each against its size and digest. */
  static PackTensors verify(
      PackSource source, Map<String, Manifest.FileDigest> digests, PackLimits limits)
      throws PackException {
    if (digests.size() > limits.files()) {
      throw new PackException(
          source.name(), PackImage.MANIFEST, "files", "at most " + limits.files(), digests.size());
    }
    Map<String, ByteBuffer> files = new LinkedHashMap<>();
    long left = limits.totalBytes();
    for (Map.Entry<String, Manifest.FileDigest> entry : digests.entrySet()) {
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
  Tensor get(TensorRef reference) throws PackException {
    Tensor tensor = file(reference).tensors().get(reference.tensor());
    if (tensor == null) {
      throw new PackException(
          pack,
          reference.file(),
          "tensor '" + OneLine.name(reference.tensor()) + "'",
          "to be there",
          "nothing");
    }
    budget -= tensor.data().remaining();
    if (budget < 0) {
      throw new PackException(
          pack, PackImage.MANIFEST, reference.path(), "less tensor data in all", "more");
    }
    return tensor;
  }

  boolean has(TensorRef reference) throws PackException {
    return file(reference).tensors().containsKey(reference.tensor());
  }

  /**
   * A tensor's elements, all finite, as 32-bit floats. Large ones that are so in the file are not
   * copied.
   */
  Floats floats(TensorRef reference, Tensor tensor) throws PackException {
    String what = "tensor '" + OneLine.name(reference.tensor()) + "'";
    try {
      if (!tensor.dtype().isFloat()) {
        throw new InvalidValueException(what, "F16, BF16, F32 or F64", tensor);
      }
      ByteBuffer data = tensor.data();
      boolean view = tensor.dtype() == DType.F32 && data.remaining() >= WORTH_A_VIEW;
      return Floats.view(what, view ? data.asFloatBuffer() : FloatBuffer.wrap(tensor.toFloats()));
    } catch (InvalidValueException fault) {
      throw new PackException(pack, reference.file(), fault);
    }
  }

  PackException wrongShape(TensorRef reference, String shape, Tensor tensor) {
    String what = "tensor '" + OneLine.name(reference.tensor()) + "'";
    return new PackException(pack, reference.file(), what, "the shape " + shape, tensor);
  }

  /** An autoencoder that was read before, or null: signals may share one. */
  SaeLensFiles.@Nullable Contents autoencoder(String config, String weights) {
    return autoencoders.get(config + "/" + weights);
  }

  void keep(String config, String weights, SaeLensFiles.Contents contents) {
    autoencoders.put(config + "/" + weights, contents);
  }

  /** A whole file; {@code path} is the place in the manifest that names it. */
  ByteBuffer bytes(String path, String name) throws PackException {
    ByteBuffer bytes = files.get(name);
    if (bytes == null) {
      throw new PackException(
          pack,
          PackImage.MANIFEST,
          path,
          "a file that the manifest lists under files",
          "'" + name + "'");
    }
    return bytes.duplicate();
  }

  private SafetensorsFile file(TensorRef reference) throws PackException {
    String name = reference.file();
    ByteBuffer bytes = bytes(reference.path(), name);
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
