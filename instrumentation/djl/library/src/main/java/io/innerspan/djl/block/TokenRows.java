package io.innerspan.djl.block;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.innerspan.signals.Pooling;
import java.util.HashMap;
import java.util.Map;

/** The real tokens of one inference, and the weights with which the engine sums over them. */
final class TokenRows {
  private record Key(Pooling.Kind kind, int positions) {}

  private final NDManager manager;
  private final int rows;
  private final int tokens;
  private final boolean[] real;
  private final Map<Key, NDArray> weights = new HashMap<>();

  /**
   * @param real row by row
   * @param shape {@code [batch, tokens]}
   * @param manager to which the weights belong
   */
  TokenRows(boolean[] real, Shape shape, NDManager manager) {
    this.manager = manager;
    this.rows = (int) shape.get(0);
    this.tokens = (int) shape.get(1);
    this.real = real;
  }

  int rows() {
    return rows;
  }

  /** How many tokens of a row are real. */
  int count(int row) {
    int count = 0;
    for (int token = 0; token < tokens; token++) {
      count += real[row * tokens + token] ? 1 : 0;
    }
    return count;
  }

  /**
   * Whether a position of an activation takes part. Where there are as many positions as tokens it
   * is the token; else every position of a row that has one.
   */
  boolean isReal(int row, int position, int positions) {
    return positions == tokens ? real[row * tokens + position] : count(row) > 0;
  }

  /**
   * What a pooling of activations weighs tokens with, {@code [batch, 1, positions]}, 32 bits; zeros
   * in rows without real tokens.
   */
  NDArray weights(Pooling.Kind kind, int positions) {
    return weights.computeIfAbsent(new Key(kind, positions), this::make);
  }

  private NDArray make(Key key) {
    int positions = key.positions();
    float[] values = new float[rows * positions];
    for (int row = 0; row < rows; row++) {
      int first = -1;
      int last = -1;
      int count = 0;
      for (int position = 0; position < positions; position++) {
        if (isReal(row, position, positions)) {
          first = first < 0 ? position : first;
          last = position;
          count++;
        }
      }
      if (count > 0) {
        fill(values, row * positions, key.kind(), row, first, last, count, positions);
      }
    }
    return manager.create(values, new Shape(rows, 1, positions));
  }

  private void fill(
      float[] values,
      int from,
      Pooling.Kind kind,
      int row,
      int first,
      int last,
      int count,
      int positions) {
    switch (kind) {
      case CLS -> values[from + first] = 1;
      case LAST -> values[from + last] = 1;
      case MEAN -> {
        for (int position = first; position <= last; position++) {
          values[from + position] = isReal(row, position, positions) ? (float) (1.0 / count) : 0;
        }
      }
      default -> throw new IllegalArgumentException(kind + " pools logits, not activations");
    }
  }
}
