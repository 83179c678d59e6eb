package io.innerspan.testing.models;

/** Weights that are set one by one, {@code [rows, columns]}. */
final class Matrix {
  private final int rows;
  private final int columns;
  private final float[] values;

  Matrix(int rows, int columns) {
    this.rows = rows;
    this.columns = columns;
    this.values = new float[rows * columns];
  }

  Matrix set(int row, int column, float value) {
    values[row * columns + column] = value;
    return this;
  }

  /** Copies 16 elements from {@code row} on to {@code column} on, times a factor. */
  Matrix identity(int row, int column, float factor) {
    for (int i = 0; i < InductionHead.PART; i++) {
      set(row + i, column + i, factor);
    }
    return this;
  }

  float[] values() {
    return values.clone();
  }

  /** Adds the weights to a graph, and returns their name. */
  String in(GraphWriter graph) {
    return graph.floats(values, rows, columns);
  }
}
