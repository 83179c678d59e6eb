package io.innerspan.workbench.sae;

import io.innerspan.workbench.store.StoreTexts;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

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
      int[] tokens = tokens(choice, texts[i]);
      if (tokens.length > 0) {
        for (float[] row : mapping.apply(store.rows().gather(tokens, 0, tokens.length))) {
          for (int d = 0; d < width; d++) {
            pooled[i][d] += row[d] / tokens.length;
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

  /** The mean of features over the tokens of a text that take part; 0 without one. */
  static FeatureColumns features(TokenChoice choice, int[] texts, SaeEncoder encoder) {
    int features = encoder.sae().features();
    FeatureColumns.Builder pooled = new FeatureColumns.Builder(features);
    FeatureSums sums = new FeatureSums(features);
    for (int i = 0; i < texts.length; i++) {
      int[] tokens = tokens(choice, texts[i]);
      if (tokens.length > 0) {
        SparseCode code = encoder.encode(choice.texts().rows().gather(tokens, 0, tokens.length));
        for (int at = 0; at < code.size(); at++) {
          sums.add(code.features()[at], code.values()[at]);
        }
        sums.flush(i, tokens.length, pooled);
      }
    }
    return pooled.build(texts.length);
  }

  private static int[] tokens(TokenChoice choice, int text) {
    return IntStream.range(choice.texts().firstToken(text), choice.texts().firstToken(text + 1))
        .filter(choice::includes)
        .toArray();
  }

  private PooledRows() {}
}
