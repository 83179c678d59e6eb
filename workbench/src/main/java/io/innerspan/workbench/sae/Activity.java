package io.innerspan.workbench.sae;

import io.innerspan.workbench.store.Rows;

/**
 * How often features are active.
 *
 * @param counts on how many rows each feature is active
 * @param rows how many rows were encoded
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Activity(long[] counts, int rows) {
  static Activity of(SaeEncoder encoder, Rows rows) {
    long[] counts = new long[encoder.sae().features()];
    for (int from = 0; from < rows.count(); from += encoder.batch()) {
      SparseCode code =
          encoder.encode(rows.range(from, Math.min(rows.count(), from + encoder.batch())));
      for (int feature : code.features()) {
        counts[feature]++;
      }
    }
    return new Activity(counts, rows.count());
  }

  /** Active features per row. */
  public double l0() {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    return (double) sum / Math.max(1, rows);
  }

  /** The share of features that are active on any row. */
  public double alive() {
    int alive = 0;
    for (long count : counts) {
      alive += count > 0 ? 1 : 0;
    }
    return (double) alive / counts.length;
  }
}
