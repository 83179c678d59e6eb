package io.innerspan.onnxruntime.graft;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Which values of an activation an intervention changes: those in all of the selected rows,
 * positions and heads.
 *
 * <p>The sizes given with the indices must be those of the run's activation: ONNX Runtime would
 * otherwise fail or, where the activation's size is 1, repeat it.
 */
public final class Selection {
  private static final Selection ALL = new Selection(null, null, null);

  private final boolean @Nullable [] rows;
  private final boolean @Nullable [] positions;
  private final boolean @Nullable [] heads;

  private Selection(
      boolean @Nullable [] rows, boolean @Nullable [] positions, boolean @Nullable [] heads) {
    this.rows = rows;
    this.positions = positions;
    this.heads = heads;
  }

  /** Every value. */
  public static Selection all() {
    return ALL;
  }

  /**
   * The selected values of some rows of the batch.
   *
   * @param batch the rows of the run's batch
   * @param indices from 0
   * @throws IllegalArgumentException when an index is out of range or there is none
   */
  public Selection rows(int batch, int... indices) {
    return new Selection(chosen("row", batch, indices), positions, heads);
  }

  /**
   * The selected values at some positions; of attention probabilities, those of some queries.
   *
   * @param tokens the positions of each row, padding included
   * @param indices from 0
   * @throws IllegalArgumentException when an index is out of range or there is none
   */
  public Selection positions(int tokens, int... indices) {
    return new Selection(rows, chosen("position", tokens, indices), heads);
  }

  /**
   * The selected values of some attention heads, at {@code attn.hook_z} and {@code
   * attn.hook_pattern}.
   *
   * @param count the heads of the layer
   * @param indices from 0
   * @throws IllegalArgumentException when an index is out of range or there is none
   */
  public Selection heads(int count, int... indices) {
    return new Selection(rows, positions, chosen("head", count, indices));
  }

  boolean @Nullable [] rows() {
    return rows;
  }

  boolean @Nullable [] positions() {
    return positions;
  }

  boolean @Nullable [] heads() {
    return heads;
  }

  private static boolean[] chosen(String what, int size, int[] indices) {
    if (size < 1 || indices.length == 0) {
      throw new IllegalArgumentException(
          "expected at least one " + what + ", found " + indices.length + " of " + size);
    }
    boolean[] chosen = new boolean[size];
    for (int index : indices) {
      if (index < 0 || index >= size) {
        throw new IllegalArgumentException(
            what + ": expected 0 to " + (size - 1) + ", found " + index);
      }
      chosen[index] = true;
    }
    return chosen;
  }

  @Override
  public String toString() {
    return "rows " + text(rows) + ", positions " + text(positions) + ", heads " + text(heads);
  }

  private static String text(boolean @Nullable [] chosen) {
    return chosen == null ? "all" : Arrays.toString(chosen);
  }
}
