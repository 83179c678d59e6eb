package io.innerspan.workbench.bench;

import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Pooling;
import io.innerspan.workbench.data.BadInput;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.model.OnnxTextModel;
import io.innerspan.workbench.model.TokenIds;
import io.innerspan.workbench.store.Rows;
import io.innerspan.workbench.train.PooledActivations;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * What the model holds of all texts at one place.
 *
 * @param values of all tokens, one text after another, {@code [tokens, width]}
 * @param first text i's tokens are the rows {@code first[i]} to {@code first[i + 1]}
 * @param pooled one activation of each text
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record TokenActivations(float[] values, int[] first, float[][] pooled) {
  /** Of the heap, what the activations of all tokens may take. */
  private static final int SHARE = 3;

  static TokenActivations of(
      OnnxTextModel model,
      HookPoint place,
      Pooling pooling,
      List<TokenIds> tokens,
      Path data,
      Progress progress)
      throws IOException {
    int[] first = new int[tokens.size() + 1];
    for (int i = 0; i < tokens.size(); i++) {
      if (tokens.get(i).length() == 0) {
        throw BadInput.in(data, "texts with tokens", "none in text " + (i + 1));
      }
      first[i + 1] = Math.addExact(first[i], tokens.get(i).length());
    }
    float[][] pooled = new float[tokens.size()][];
    float[][] values = new float[1][0];
    model.visit(
        tokens,
        List.of(place),
        progress.count("texts", tokens.size()),
        (text, taps) -> {
          float[][] activation = taps.get(0);
          int width = activation[0].length;
          if (values[0].length == 0) {
            values[0] = new float[size((long) first[tokens.size()] * width, data)];
          }
          for (int t = 0; t < activation.length; t++) {
            System.arraycopy(activation[t], 0, values[0], (first[text] + t) * width, width);
          }
          pooled[text] = PooledActivations.pool(pooling, activation);
        });
    return new TokenActivations(values[0], first, pooled);
  }

  private static int size(long floats, Path data) {
    long most =
        Math.min(Integer.MAX_VALUE - 8, Runtime.getRuntime().maxMemory() / SHARE / Float.BYTES);
    if (floats > most) {
      throw BadInput.in(
          data,
          "texts with at most " + most + " numbers in their activations, for this heap",
          "" + floats);
    }
    return (int) floats;
  }

  int width() {
    return pooled[0].length;
  }

  /** The tokens' activations. */
  Rows rows() {
    return Rows.of(values, width());
  }

  /** The mean over all tokens. */
  float[] mean() {
    double[] sum = new double[width()];
    for (int i = 0; i < values.length; i++) {
      sum[i % sum.length] += values[i];
    }
    float[] mean = new float[sum.length];
    for (int d = 0; d < mean.length; d++) {
      mean[d] = (float) (sum[d] * sum.length / values.length);
    }
    return mean;
  }
}
