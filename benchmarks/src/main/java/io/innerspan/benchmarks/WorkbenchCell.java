package io.innerspan.benchmarks;

import org.jspecify.annotations.Nullable;

/**
 * One measured thing.
 *
 * @param what is measured
 * @param against what it is held against, or null
 * @param texts how many
 * @param seconds the median over rounds
 * @param speed how many times as fast as what it is held against, or null
 * @param peakMib the most memory that the process had, of which the heap is a part; null where it
 *     was not asked or the system does not say
 */
record WorkbenchCell(
    String what,
    @Nullable String against,
    int texts,
    double seconds,
    @Nullable Estimate speed,
    @Nullable Long peakMib) {
  /** A cell without memory. */
  WorkbenchCell(
      String what, @Nullable String against, int texts, double seconds, @Nullable Estimate speed) {
    this(what, against, texts, seconds, speed, null);
  }
}
