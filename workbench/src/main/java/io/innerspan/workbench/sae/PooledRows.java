package io.innerspan.workbench.sae;

import io.innerspan.workbench.store.StoreTexts;
import java.util.function.IntFunction;

/** One row per text: the mean over its tokens, as SAEBench pools. */
final class PooledRows {
  /** A batch of activations {@code [n, in]} as {@code [n][width]}. */
  @FunctionalInterface
  interface Mapping {
    float[][] apply(float[] x);
  }

  /** The mean of mapped activations over the tokens of a text that take part; 0 without one. */
  static float[][] of(TokenChoice choice, int[] texts, int width, Mapping mapping) {
    StoreTexts store = choice.texts();
    float[][] pooled = new float[texts.length][width];
    for (int i = 0; i < texts.length; i++) {
      int first = store.firstToken(texts[i]);
      int last = store.firstToken(texts[i] + 1);
      int[] tokens = new int[last - first];
      int count = 0;
      for (int token = first; token < last; token++) {
        if (choice.includes(token)) {
          tokens[count++] = token;
        }
      }
      if (count > 0) {
        for (float[] row : mapping.apply(store.rows().gather(tokens, 0, count))) {
          for (int d = 0; d < width; d++) {
            pooled[i][d] += row[d] / count;
          }
        }
      }
    }
    return pooled;
  }

  /** Activations as they are. */
  static Mapping dimensions(int width) {
    return x -> split(x, width);
  }

  static float[][] split(float[] x, int width) {
    float[][] rows = new float[x.length / width][];
    IntFunction<float[]> row = i -> java.util.Arrays.copyOfRange(x, i * width, (i + 1) * width);
    for (int i = 0; i < rows.length; i++) {
      rows[i] = row.apply(i);
    }
    return rows;
  }

  /** The sum over rows, as one row: the mean times their number is all that pooling needs. */
  static Mapping features(SaeEncoder encoder) {
    return x -> {
      SparseCode code = encoder.encode(x);
      float[] sum = new float[encoder.sae().features()];
      for (int i = 0; i < code.size(); i++) {
        sum[code.features()[i]] += code.values()[i];
      }
      return new float[][] {sum};
    };
  }

  private PooledRows() {}
}
