package io.innerspan.signals.pack;

import io.innerspan.signals.InvalidValueException;

/**
 * What a reader of packs is willing to read. A serving JVM reads packs into its heap, so the
 * defaults are what probes need, with a wide margin (384 probes of width 4096 are 6 MiB).
 *
 * @param manifestBytes the largest manifest
 * @param fileBytes the largest other file
 * @param totalBytes the largest sum of the manifest and all files; also the largest zip
 * @param files the most files, and the most entries of a zip
 * @param compression the most bytes that a zip may make of one
 */
public record PackLimits(
    int manifestBytes, int fileBytes, int totalBytes, int files, int compression) {
  /** 4 MiB of manifest, 64 MiB per file, 128 MiB in all, 64 files, compression 200. */
  public static final PackLimits DEFAULT = new PackLimits(4 << 20, 64 << 20, 128 << 20, 64, 200);

  public PackLimits {
    if (manifestBytes < 1 || fileBytes < 1 || totalBytes < 1 || files < 1 || compression < 1) {
      throw new InvalidValueException("limits", "numbers of at least 1", "a smaller one");
    }
  }
}
