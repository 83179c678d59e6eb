package io.innerspan.signals.reference;

import io.innerspan.signals.Mlp;

/** What an MLP makes of one activation. */
public final class ReferenceMlp {
  /**
   * The output.
   *
   * @param activation {@code [in]}
   * @return {@code [out]}
   */
  public static double[] apply(Mlp mlp, float[] activation) {
    double[] values = RowInputs.doubles(activation);
    for (Mlp.Layer layer : mlp.layers()) {
      values = apply(layer, values);
    }
    return values;
  }

  private static double[] apply(Mlp.Layer layer, double[] in) {
    double[] out = new double[layer.out()];
    for (int o = 0; o < out.length; o++) {
      double sum = 0;
      for (int i = 0; i < in.length; i++) {
        sum += layer.weight(o, i) * in[i];
      }
      out[o] = Math.max(0, sum + layer.biases().get(o));
    }
    return out;
  }

  private ReferenceMlp() {}
}
