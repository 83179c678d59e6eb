package io.innerspan.testing.models;

import static io.innerspan.testing.models.InductionHead.PART;
import static io.innerspan.testing.models.InductionHead.POSITION;
import static io.innerspan.testing.models.InductionHead.PREDICTION;
import static io.innerspan.testing.models.InductionHead.PREVIOUS;
import static io.innerspan.testing.models.InductionHead.TOKEN;
import static io.innerspan.testing.models.InductionHead.WIDTH;

/** The weights of one attention layer of {@link InductionHead}, {@code [width, width]} each. */
record InductionWeights(Matrix queries, Matrix keys, Matrix values, Matrix output) {
  /** What a match adds to a score, before the division by the root of the head's width. */
  private static final float MATCH = 480;

  /** What the first position adds where it is attended to for want of a match. */
  private static final float FALLBACK = 240;

  static InductionWeights ofLayer(int layer) {
    Matrix queries = new Matrix(WIDTH, WIDTH);
    Matrix keys = new Matrix(WIDTH, WIDTH);
    Matrix values = new Matrix(WIDTH, WIDTH);
    Matrix output = new Matrix(WIDTH, WIDTH);
    if (layer == 0) {
      // A position asks for the one before it, whose token becomes the previous token.
      for (int position = 1; position < PART; position++) {
        queries.set(POSITION + position, position - 1, MATCH);
      }
      keys.identity(POSITION, 0, 1);
      values.identity(TOKEN, 0, 1);
      output.identity(0, PREVIOUS, 1);
    } else {
      // A token asks for those that follow its like, or else for the first of the row.
      queries.identity(TOKEN, 0, MATCH);
      keys.identity(PREVIOUS, 0, 1);
      for (int column = 0; column < PART; column++) {
        keys.set(POSITION, column, FALLBACK / MATCH);
      }
      values.identity(TOKEN, 0, 1);
      output.identity(0, PREDICTION, 1);
    }
    sink(queries, keys);
    self(queries, keys);
    return new InductionWeights(queries, keys, values, output);
  }

  /** Head 1: any position asks for the first. Head 2 stays zero, which is uniform. */
  private static void sink(Matrix queries, Matrix keys) {
    for (int position = 0; position < PART; position++) {
      queries.set(POSITION + position, PART, MATCH);
    }
    keys.set(POSITION, PART, 1);
  }

  /** Head 3: a position asks for itself. */
  private static void self(Matrix queries, Matrix keys) {
    queries.identity(POSITION, 3 * PART, MATCH);
    keys.identity(POSITION, 3 * PART, 1);
  }
}
