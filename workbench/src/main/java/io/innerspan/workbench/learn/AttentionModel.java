package io.innerspan.workbench.learn;

import io.innerspan.signals.AttentionProbe;
import io.innerspan.signals.Calibration;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Pooling;
import org.jspecify.annotations.Nullable;

/**
 * Heads that attend to tokens.
 *
 * @param rule how they make one logit of the tokens
 * @param query {@code [heads][width]}, or empty where heads have none
 * @param value {@code [heads][width]}
 * @param bias the offset
 */
@SuppressWarnings("ArrayRecordComponent")
record AttentionModel(AttentionProbe.Rule rule, double[][] query, double[][] value, double bias)
    implements ProbeModel {
  @Override
  public AttentionProbe probe(
      String id,
      HookPoint hookPoint,
      @Nullable Pooling pooling,
      String positiveLabel,
      String negativeLabel) {
    return new AttentionProbe(
        id,
        hookPoint,
        null,
        rule,
        value.length,
        flat(query),
        flat(value),
        (float) bias,
        new Calibration.None(),
        null,
        positiveLabel,
        negativeLabel);
  }

  private static float[] flat(double[][] rows) {
    if (rows.length == 0) {
      return new float[0];
    }
    int width = rows[0].length;
    float[] flat = new float[rows.length * width];
    for (int row = 0; row < rows.length; row++) {
      for (int d = 0; d < width; d++) {
        flat[row * width + d] = (float) rows[row][d];
      }
    }
    return flat;
  }
}
