package io.innerspan.djl.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.DataType;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Puts what units gave into the columns of a reading. */
final class BlockColumns {
  /**
   * The values of a reading, row by row.
   *
   * @param results by unit {@code [batch, columns]}, 64 bits; null where there is none
   * @param real the real tokens, to whose manager belongs what is made
   */
  static float[] join(List<BlockUnit> units, @Nullable NDArray[] results, NDArray real) {
    int rows = (int) real.getShape().get(0);
    int columns = 1 + units.stream().mapToInt(BlockUnit::columns).sum();
    // One copy out of the engine, of all that is there.
    float[] present = together(results, real);
    int width = present.length / Math.max(1, rows);
    float[] values = new float[rows * columns];
    Arrays.fill(values, Float.NaN);
    int from = 0;
    int to = 0;
    for (int i = 0; i < results.length; i++) {
      int own = units.get(i).columns();
      if (results[i] != null) {
        for (int row = 0; row < rows; row++) {
          System.arraycopy(present, row * width + from, values, row * columns + to, own);
        }
        from += own;
      }
      to += own;
    }
    for (int row = 0; row < rows; row++) {
      values[row * columns + to] = present[row * width + from];
    }
    return values;
  }

  private static float[] together(@Nullable NDArray[] results, NDArray real) {
    NDList parts = new NDList();
    for (NDArray result : results) {
      if (result != null) {
        parts.add(result);
      }
    }
    NDArray counts = real.toType(DataType.FLOAT64, false).sum(new int[] {1}, true);
    parts.add(counts);
    NDArray joined = parts.size() == 1 ? counts : NDArrays.concat(parts, 1);
    joined.attach(real.getManager());
    return joined.toType(DataType.FLOAT32, false).toFloatArray();
  }

  private BlockColumns() {}
}
