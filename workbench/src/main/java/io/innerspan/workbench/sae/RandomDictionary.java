package io.innerspan.workbench.sae;

import io.innerspan.signals.Floats;
import io.innerspan.signals.Sae;
import io.innerspan.workbench.store.Rows;
import java.util.Random;

/**
 * A TopK autoencoder of random directions that nothing was learnt for but the mean and one gain:
 * the control for what any dictionary of this size gives.
 */
final class RandomDictionary {
  private static final int SAMPLE = 4096;

  static Sae of(Rows rows, int features, int k, long seed) {
    int width = rows.width();
    Scaling scaling = Scaling.of(rows);
    SaeWeights weights =
        new SaeWeights(width, features, new Scaling(scaling.mean(), 1), new Random(seed));
    Sae ungained =
        weights.sae(new Scaling(scaling.mean(), 1), SaeTrainOptions.Kind.TOPK, k, Float.NaN);
    int n = Math.min(SAMPLE, rows.count());
    int[] sample = new int[n];
    for (int i = 0; i < n; i++) {
      sample[i] = (int) ((long) i * rows.count() / n);
    }
    float gain = gain(ungained, rows.gather(sample, 0, n));
    float[] decoder = ungained.decoder().toArray();
    for (int i = 0; i < decoder.length; i++) {
      decoder[i] *= gain;
    }
    return new Sae(
        width,
        features,
        ungained.activation(),
        Sae.Normalization.NONE,
        true,
        ungained.encoder(),
        Floats.of("W_dec", decoder),
        ungained.decoderBias());
  }

  /** The factor on what is decoded that leaves the least squared error. */
  private static float gain(Sae sae, float[] x) {
    try (SaeEncoder encoder = new SaeEncoder(sae)) {
      float[] decoded = encoder.reconstruct(x);
      double product = 0;
      double squares = 0;
      for (int i = 0; i < x.length; i++) {
        float bias = sae.decoderBias().get(i % sae.in());
        product += (x[i] - bias) * (double) (decoded[i] - bias);
        squares += (decoded[i] - bias) * (double) (decoded[i] - bias);
      }
      return squares == 0 || product == 0 ? 1 : (float) (product / squares);
    }
  }

  private RandomDictionary() {}
}
