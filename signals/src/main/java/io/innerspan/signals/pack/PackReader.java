package io.innerspan.signals.pack;

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

  /** Reads one pack. */
  public static ProbePack read(Path folderOrZip, PackLimits limits) throws PackException {
    throw new PackException(
        folderOrZip.toString(), PackImage.MANIFEST, "pack", "a reader", "none within " + limits);
  }

  private PackReader() {}
}
