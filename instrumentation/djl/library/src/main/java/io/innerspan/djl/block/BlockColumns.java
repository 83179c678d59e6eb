package io.innerspan.djl.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts what units gave into the columns of a reading. */
final class BlockColumns {
  private final List<BlockUnit> units;
  private final @Nullable NDArray[] results;
  private final NDManager manager;
  private final TokenRows rows;

  /**
   * @param results by unit: columns {@code [batch, some]} of 64 bits, or what {@link EngineSums}
   *     give; null where there is nothing
   * @param manager to which belongs what is made
   */
  BlockColumns(
      List<BlockUnit> units, @Nullable NDArray[] results, NDManager manager, TokenRows rows) {
    this.units = units;
    this.results = results;
    this.manager = manager;
    this.rows = rows;
  }

  /** What is copied out of the engine together: what has as many axes. */
  private enum Part {
    COMPUTED,
    POOLED,
    NORMS;

    static Part of(BlockUnit unit) {
      EngineSums sums = unit.sums();
      return sums == null ? COMPUTED : sums.ofPooled() ? POOLED : NORMS;
    }
  }

  /** The values of a reading, row by row. */
  float[] join() {
    int columns = 1 + units.stream().mapToInt(BlockUnit::columns).sum();
    float[] values = new float[rows.rows() * columns];
    Arrays.fill(values, Float.NaN);
    float[][] parts = new float[Part.values().length][];
    for (Part part : Part.values()) {
      parts[part.ordinal()] = together(part);
    }
    int[] from = new int[parts.length];
    int to = 0;
    for (int i = 0; i < results.length; i++) {
      BlockUnit unit = units.get(i);
      NDArray result = results[i];
      if (result != null) {
        int part = Part.of(unit).ordinal();
        int size = (int) result.getShape().get(result.getShape().dimension() - 1);
        if (unit.sums() == null) {
          copy(parts[part], from[part], size, values, to);
        } else {
          summed(unit.sums(), parts[part], from[part], size, values, to);
        }
        from[part] += size;
      }
      to += unit.columns();
    }
    for (int row = 0; row < rows.rows(); row++) {
      values[row * columns + to] = rows.count(row);
    }
    return values;
  }

  private void copy(float[] computed, int from, int size, float[] values, int to) {
    for (int row = 0; row < rows.rows(); row++) {
      System.arraycopy(
          computed, row * width(computed) + from, values, row * width(values) + to, size);
    }
  }

  private void summed(EngineSums unit, float[] sums, int from, int size, float[] values, int to) {
    for (int row = 0; row < rows.rows(); row++) {
      unit.columns(
          rows, row, sums, row * width(sums) + from, size, values, row * width(values) + to);
    }
  }

  private int width(float[] all) {
    return all.length / rows.rows();
  }

  private float[] together(Part part) {
    NDList parts = new NDList();
    for (int i = 0; i < results.length; i++) {
      if (results[i] != null && Part.of(units.get(i)) == part) {
        parts.add(results[i]);
      }
    }
    if (parts.isEmpty()) {
      return new float[0];
    }
    NDArray joined = parts.get(0);
    if (parts.size() > 1) {
      joined = NDArrays.concat(parts, joined.getShape().dimension() - 1);
      joined.attach(manager);
    }
    return joined.toType(DataType.FLOAT32, false).toFloatArray();
  }
}
