package io.innerspan.signals.pack;

import io.innerspan.signals.InvalidValueException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Reads packs, believing nothing they say: every file's size and SHA-256 are those of the manifest,
 * nothing outside the pack is read, sizes and counts are bounded, weights are finite and shaped
 * right, and the golden activations give the golden logits.
 */
public final class PackReader {
  /**
   * Reads one pack within {@link PackLimits#DEFAULT}.
   *
   * @param folderOrZip a folder or a zip with {@code probe.json} at its top
   * @throws PackException if the pack cannot be read or is not right
   */
  public static ProbePack read(Path folderOrZip) throws PackException {
    return read(folderOrZip, PackLimits.DEFAULT);
  }

  /**
   * Reads one pack.
   *
   * @param folderOrZip a folder or a zip with {@code probe.json} at its top
   * @throws PackException if the pack cannot be read, is not right, or exceeds the limits
   */
  public static ProbePack read(Path folderOrZip, PackLimits limits) throws PackException {
    PackSource source =
        Files.isDirectory(folderOrZip)
            ? new FolderSource(folderOrZip)
            : ZipSource.open(folderOrZip, limits);
    return read(source, limits);
  }

  static ProbePack read(PackSource source, PackLimits limits) throws PackException {
    ByteBuffer bytes = source.read(PackImage.MANIFEST, limits.manifestBytes());
    try {
      Manifest manifest = manifest(source, bytes);
      PackTensors tensors = PackTensors.verify(source, manifest.files(), limits);
      return new ManifestReader(manifest, tensors).read(Sha256.hex(bytes));
    } catch (InvalidValueException fault) {
      throw new PackException(source.name(), PackImage.MANIFEST, fault);
    }
  }

  private static Manifest manifest(PackSource source, ByteBuffer bytes) throws PackException {
    try {
      return Manifest.parse(bytes);
    } catch (Manifest.NewerSchemaException newer) {
      throw new PackException(
          PackException.Kind.NEWER_SCHEMA, source.name(), PackImage.MANIFEST, newer.fault());
    }
  }

  private PackReader() {}
}
