package io.innerspan.workbench.learn;

import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Mlp;
import io.innerspan.signals.MlpProbe;
import io.innerspan.signals.Pooling;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code readout(ReLU(weight · x + bias))}.
 *
 * @param weight {@code [hidden][width]}
 * @param bias {@code [hidden]}
 * @param readout of the hidden units
 */
@SuppressWarnings("ArrayRecordComponent")
record MlpModel(double[][] weight, double[] bias, LinearModel readout) implements ProbeModel {
  @Override
  public MlpProbe probe(
      String id,
      HookPoint hookPoint,
      @Nullable Pooling pooling,
      String positiveLabel,
      String negativeLabel) {
    int width = weight[0].length;
    float[] rows = new float[weight.length * width];
    float[] offsets = new float[bias.length];
    for (int h = 0; h < weight.length; h++) {
      offsets[h] = (float) bias[h];
      for (int d = 0; d < width; d++) {
        rows[h * width + d] = (float) weight[h][d];
      }
    }
    return new MlpProbe(
        new Mlp(List.of(new Mlp.Layer(rows, offsets))),
        readout.probe(id, hookPoint, pooling, positiveLabel, negativeLabel));
  }
}
