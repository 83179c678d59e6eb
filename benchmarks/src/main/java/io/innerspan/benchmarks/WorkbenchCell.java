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
 */
record WorkbenchCell(
    String what, @Nullable String against, int texts, double seconds, @Nullable Estimate speed) {}
