package io.innerspan.workbench.sae;

import io.innerspan.signals.Floats;
import io.innerspan.signals.Sae;
import io.innerspan.signals.Sae.Activation;
import io.innerspan.signals.Sae.Normalization;
import java.util.Random;

/** Autoencoders for tests. */
final class TestSaes {
  /** One with random weights. */
  static Sae random(int in, int features, Activation activation, Normalization normalization) {
    Random random = new Random(5);
    return new Sae(
        in,
        features,
        activation,
        normalization,
        true,
        Floats.of("W_enc", values(random, in * features)),
        Floats.of("W_dec", values(random, in * features)),
        Floats.of("b_dec", values(random, in)));
  }

  static float[] values(Random random, int count) {
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  static Sae withBias(Sae sae, float[] bias) {
    Activation.TopK topK = (Activation.TopK) sae.activation();
    return new Sae(
        sae.in(),
        sae.features(),
        new Activation.TopK(Floats.of("b_enc", bias), topK.k(), topK.rescaleByDecoderNorm()),
        sae.normalization(),
        sae.subtractDecoderBias(),
        sae.encoder(),
        sae.decoder(),
        sae.decoderBias());
  }

  private TestSaes() {}
}
