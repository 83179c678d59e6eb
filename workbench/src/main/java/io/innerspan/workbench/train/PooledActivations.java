package io.innerspan.workbench.train;

import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Pooling;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.model.TextModel;
import java.io.IOException;
import java.util.List;

/** Of each text and hook point one vector per pooling that pools activations, not logits. */
public final class PooledActivations {
  /** The poolings that make one activation of a text's tokens. */
  public static final List<Pooling> POOLINGS = List.of(Pooling.MEAN, Pooling.CLS, Pooling.LAST);

  private final float[][][][] values;

  private PooledActivations(int hookPoints, int rows) {
    values = new float[hookPoints][POOLINGS.size()][rows][];
  }

  static PooledActivations capture(
      TextModel model, List<HookPoint> hookPoints, PartData part, Progress.Counter progress)
      throws IOException {
    PooledActivations pooled = new PooledActivations(hookPoints.size(), part.size());
    model.visit(
        part.tokens(),
        hookPoints,
        progress,
        (text, activations) -> {
          for (int h = 0; h < activations.size(); h++) {
            for (int p = 0; p < POOLINGS.size(); p++) {
              pooled.values[h][p][text] = pool(POOLINGS.get(p), activations.get(h));
            }
          }
        });
    return pooled;
  }

  /** The rows of one hook point, {@code [rows][width]}. */
  float[][] rows(int hookPoint, Pooling pooling) {
    return values[hookPoint][POOLINGS.indexOf(pooling)];
  }

  /**
   * Pools one text.
   *
   * @param activations {@code [tokens][width]}, real tokens only, at least one
   */
  public static float[] pool(Pooling pooling, float[][] activations) {
    return switch (pooling.kind()) {
      case CLS -> activations[0];
      case LAST -> activations[activations.length - 1];
      case MEAN -> mean(activations);
      case MAX, TOP_K_MEAN, ROLLING_MAX, SOFTMAX, EMA ->
          throw new IllegalArgumentException(pooling + " pools logits, not activations");
    };
  }

  private static float[] mean(float[][] activations) {
    float[] mean = new float[activations[0].length];
    for (int d = 0; d < mean.length; d++) {
      double sum = 0;
      for (float[] activation : activations) {
        sum += activation[d];
      }
      mean[d] = (float) (sum / activations.length);
    }
    return mean;
  }
}
