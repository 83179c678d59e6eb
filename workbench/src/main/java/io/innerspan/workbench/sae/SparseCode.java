package io.innerspan.workbench.sae;

/**
 * The active features of rows.
 *
 * @param splits row i's features lie from {@code splits[i]} to {@code splits[i + 1]}
 * @param features indices, ascending in each row
 * @param values activations, all above 0
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record SparseCode(int[] splits, int[] features, float[] values) {
  /** The number of rows. */
  public int rows() {
    return splits.length - 1;
  }

  /** The number of active features of all rows. */
  public int size() {
    return splits[rows()];
  }
}
