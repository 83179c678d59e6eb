package io.innerspan.workbench.packs;

import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.reference.ReferenceProbe;
import io.innerspan.signals.safetensors.Tensor;
import io.innerspan.workbench.train.GoldenCases;

/**
 * The golden activations of an imported probe: the tool's own, where it gave some, and those of the
 * golden inputs.
 *
 * @param x {@code [n, width]}
 * @param logit {@code [n]}
 */
record Golden(Tensor x, Tensor logit) {
  static Golden of(LinearProbe probe, Direction direction, GoldenCases live) {
    int width = probe.width();
    float[] ours = live.x().toFloats();
    int theirs = direction.x().length;
    float[] x = new float[theirs * width + ours.length];
    float[] logit = new float[theirs + ours.length / width];
    for (int i = 0; i < theirs; i++) {
      float[] row = new float[width];
      for (int d = 0; d < width; d++) {
        row[d] = (float) direction.x()[i][d];
      }
      System.arraycopy(row, 0, x, i * width, width);
      logit[i] = (float) ReferenceProbe.logit(probe, row);
    }
    System.arraycopy(ours, 0, x, theirs * width, ours.length);
    System.arraycopy(live.logit().toFloats(), 0, logit, theirs, ours.length / width);
    return new Golden(Tensor.ofFloats(x, logit.length, width), Tensor.ofFloats(logit));
  }
}
