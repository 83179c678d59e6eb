package io.innerspan.djl.maths;

import io.innerspan.signals.Floats;

/** Weights in the order in which products want them. */
final class Columns {
  /** {@code [rows, width]} to {@code [width, rows]}. */
  static float[] transposed(Floats values, int rows) {
    int width = rows == 0 ? 0 : values.size() / rows;
    float[] columns = new float[values.size()];
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < width; i++) {
        columns[i * rows + row] = values.get(row * width + i);
      }
    }
    return columns;
  }

  private Columns() {}
}
