package io.innerspan.workbench.learn;

import io.innerspan.signals.Calibration;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Pooling;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code logit = weight · x + bias}.
 *
 * @param weight by feature
 * @param bias the offset
 */
@SuppressWarnings("ArrayRecordComponent")
public record LinearModel(double[] weight, double bias) implements ProbeModel {
  @Override
  public LinearProbe probe(
      String id,
      HookPoint hookPoint,
      @Nullable Pooling pooling,
      String positiveLabel,
      String negativeLabel) {
    float[] single = new float[weight.length];
    for (int d = 0; d < single.length; d++) {
      single[d] = (float) weight[d];
    }
    return new LinearProbe(
        id,
        hookPoint,
        Objects.requireNonNull(pooling, "pooling"),
        single,
        (float) bias,
        new Calibration.None(),
        null,
        positiveLabel,
        negativeLabel);
  }

  /** The logit of one dense row. */
  public double logit(float[] x) {
    double sum = bias;
    for (int d = 0; d < weight.length; d++) {
      sum += weight[d] * x[d];
    }
    return sum;
  }

  /** The logits of dense rows. */
  public double[] logits(float[][] rows) {
    double[] logits = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      logits[i] = logit(rows[i]);
    }
    return logits;
  }

  /**
   * The mean over dense rows of Σ|weight · x|: how large the terms are that make up a logit. Single
   * precision errs by about 2⁻²³ of it, however small the logit itself.
   */
  public double terms(float[][] rows) {
    double sum = 0;
    for (float[] row : rows) {
      for (int d = 0; d < weight.length; d++) {
        sum += Math.abs(weight[d] * row[d]);
      }
    }
    return sum / rows.length;
  }
}
