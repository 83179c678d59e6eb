package io.innerspan.signals.pack;

import io.innerspan.signals.InvalidValueException;

/**
 * What a reader of packs is willing to read. A serving JVM reads packs into its heap: probes need
 * little (384 of width 4096 are 6 MiB), a sparse autoencoder may need hundreds of MiB.
 *
 * <p>What a pack in a folder takes while it is read is each file once, plus 4 bytes for each weight
 * that is not F32 in its file; of a zip also the zip itself. What it keeps is one copy of its
 * weights and golden tensors.
 *
 * @param manifestBytes the largest manifest
 * @param fileBytes the largest other file
 * @param totalBytes the largest sum of the manifest and all files; also the largest zip
 * @param files the most files, and the most entries of a zip
 * @param compression the most bytes that a zip may make of one
 */
public record PackLimits(
    int manifestBytes, int fileBytes, int totalBytes, int files, int compression) {
  private static final int LEAST = 128 << 20;
  private static final int MOST = 1 << 30;

  /**
   * 16 MiB of manifest, 64 files, compression 200; per file and in all a quarter of the largest
   * heap that this JVM may have, but at least 128 MiB and at most 1 GiB.
   */
  public static final PackLimits DEFAULT = forHeap(Runtime.getRuntime().maxMemory());

  static PackLimits forHeap(long maxHeap) {
    int bytes = (int) Math.max(LEAST, Math.min(MOST, maxHeap / 4));
    return new PackLimits(16 << 20, bytes, bytes, 64, 200);
  }

  public PackLimits {
    if (manifestBytes < 1 || fileBytes < 1 || totalBytes < 1 || files < 1 || compression < 1) {
      throw new InvalidValueException("limits", "numbers of at least 1", "a smaller one");
    }
  }
}
