package io.innerspan.signals.safetensors;

import io.innerspan.signals.InvalidValueException;

/**
 * What a reader is willing to read.
 *
 * @param fileBytes the largest file
 * @param headerBytes the largest JSON header
 * @param tensors the largest number of tensors
 * @param rank the largest number of dimensions of a tensor
 */
public record SafetensorsLimits(long fileBytes, int headerBytes, int tensors, int rank) {
  /** 1 GiB, a header of 16 MiB, 65,536 tensors of 8 dimensions. */
  public static final SafetensorsLimits DEFAULT =
      new SafetensorsLimits(1L << 30, 16 << 20, 1 << 16, 8);

  public SafetensorsLimits {
    if (fileBytes < 1 || headerBytes < 1 || tensors < 1 || rank < 1) {
      throw new InvalidValueException("limits", "numbers of at least 1", "a smaller one");
    }
  }

  /** The same limits for files of at most {@code bytes}. */
  public SafetensorsLimits withFileBytes(long bytes) {
    return new SafetensorsLimits(bytes, headerBytes, tensors, rank);
  }
}
