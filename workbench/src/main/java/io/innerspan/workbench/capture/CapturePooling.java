package io.innerspan.workbench.capture;

/** How capture makes a text's tokens one vector, if at all. */
public enum CapturePooling {
  /** The mean over the tokens. */
  MEAN,
  /** The last token. */
  LAST,
  /** The first token. */
  CLS,
  /** The greatest value over the tokens, dimension by dimension. */
  MAX,
  /** Every token. */
  NONE;

  /**
   * The rows that a text gives: {@code [tokens][width]} for {@link #NONE}, else {@code [1][width]}.
   */
  float[][] apply(float[][] tokens) {
    return switch (this) {
      case NONE -> tokens;
      case CLS -> new float[][] {tokens[0]};
      case LAST -> new float[][] {tokens[tokens.length - 1]};
      case MEAN -> new float[][] {mean(tokens)};
      case MAX -> new float[][] {max(tokens)};
    };
  }

  private static float[] mean(float[][] tokens) {
    float[] mean = new float[tokens[0].length];
    for (int d = 0; d < mean.length; d++) {
      double sum = 0;
      for (float[] token : tokens) {
        sum += token[d];
      }
      mean[d] = (float) (sum / tokens.length);
    }
    return mean;
  }

  private static float[] max(float[][] tokens) {
    float[] max = tokens[0].clone();
    for (float[] token : tokens) {
      for (int d = 0; d < max.length; d++) {
        max[d] = Math.max(max[d], token[d]);
      }
    }
    return max;
  }
}
