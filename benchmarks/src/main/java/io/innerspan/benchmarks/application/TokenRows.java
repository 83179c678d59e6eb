package io.innerspan.benchmarks.application;

import java.util.Arrays;
import java.util.Random;

/**
 * Random tokens without padding.
 *
 * @param ids row by row
 */
@SuppressWarnings("ArrayRecordComponent") // Never changed nor compared.
record TokenRows(int batch, int sequence, long[] ids) {
  private static final int SMALLEST_ID = 1_000;
  private static final int LARGEST_ID = 2_000;

  TokenRows(int batch, int sequence) {
    this(
        batch,
        sequence,
        new Random(sequence).longs((long) batch * sequence, SMALLEST_ID, LARGEST_ID).toArray());
  }

  /** The same number for each token. */
  long[] all(long value) {
    long[] all = new long[ids.length];
    Arrays.fill(all, value);
    return all;
  }
}
