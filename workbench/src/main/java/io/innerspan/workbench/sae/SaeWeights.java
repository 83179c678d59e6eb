package io.innerspan.workbench.sae;

import io.innerspan.signals.Floats;
import io.innerspan.signals.Sae;
import io.innerspan.workbench.learn.Adam;
import java.util.Arrays;
import java.util.Random;

/** The weights under training, their gradients and optimizers. */
final class SaeWeights {
  private final int width;
  private final int features;

  /** {@code [features, width]}, so that a feature's weights lie together. */
  final float[] encoder;

  final float[] encoderBias;

  /** {@code [features, width]}; rows have the length 1. */
  final float[] decoder;

  final float[] decoderBias;

  final float[] encoderGradient;
  final float[] encoderBiasGradient;
  final float[] decoderGradient;
  final float[] decoderBiasGradient;

  private final Adam encoderAdam;
  private final Adam encoderBiasAdam;
  private final Adam decoderAdam;
  private final Adam decoderBiasAdam;

  /**
   * The decoder begins with random directions, the encoder with its transpose, the bias with the
   * mean.
   */
  SaeWeights(int width, int features, Scaling scaling, Random random) {
    this.width = width;
    this.features = features;
    decoder = new float[features * width];
    for (int i = 0; i < decoder.length; i++) {
      decoder[i] = (float) random.nextGaussian();
    }
    normalize();
    encoder = decoder.clone();
    encoderBias = new float[features];
    decoderBias = scaling.mean().clone();
    for (int d = 0; d < width; d++) {
      decoderBias[d] *= scaling.factor();
    }
    encoderGradient = new float[encoder.length];
    encoderBiasGradient = new float[features];
    decoderGradient = new float[decoder.length];
    decoderBiasGradient = new float[width];
    encoderAdam = new Adam(encoder);
    encoderBiasAdam = new Adam(encoderBias);
    decoderAdam = new Adam(decoder);
    decoderBiasAdam = new Adam(decoderBias);
  }

  int width() {
    return width;
  }

  /** One step of all optimizers. */
  void step(double rate) {
    for (int f = 0; f < features; f++) {
      int from = f * width;
      float along = Vectors.dot(decoderGradient, from, decoder, from, width);
      Vectors.add(decoderGradient, from, -along, decoder, from, width);
    }
    encoderAdam.step(encoderGradient, rate);
    encoderBiasAdam.step(encoderBiasGradient, rate);
    decoderAdam.step(decoderGradient, rate);
    decoderBiasAdam.step(decoderBiasGradient, rate);
    normalize();
  }

  private void normalize() {
    for (int f = 0; f < features; f++) {
      normalize(decoder, f * width);
    }
  }

  private void normalize(float[] values, int from) {
    double length = Math.sqrt(Vectors.dot(values, from, values, from, width));
    float inverse = length == 0 ? 0 : (float) (1 / length);
    for (int d = 0; d < width; d++) {
      values[from + d] *= inverse;
    }
  }

  /** Lets a feature begin anew along a direction, its encoder as long as active ones are. */
  void restart(int feature, float[] direction, int[] active) {
    int from = feature * width;
    System.arraycopy(direction, 0, decoder, from, width);
    normalize(decoder, from);
    double sum = 0;
    int count = 0;
    for (int f = 0; f < features; f++) {
      if (active[f] != 0) {
        sum += Math.sqrt(Vectors.dot(encoder, f * width, encoder, f * width, width));
        count++;
      }
    }
    float length = count == 0 ? 1 : (float) (sum / count);
    for (int d = 0; d < width; d++) {
      encoder[from + d] = decoder[from + d] * length;
    }
    encoderBias[feature] = 0;
    encoderAdam.forget(from, from + width);
    decoderAdam.forget(from, from + width);
    encoderBiasAdam.forget(feature, feature + 1);
  }

  /** The autoencoder for activations that are not scaled. */
  Sae sae(Scaling scaling, SaeTrainOptions.Kind kind, int k, float threshold) {
    float scale = scaling.factor();
    float[] transposed = new float[encoder.length];
    for (int f = 0; f < features; f++) {
      for (int d = 0; d < width; d++) {
        transposed[d * features + f] = encoder[f * width + d];
      }
    }
    Floats bias = Floats.of("b_enc", divided(encoderBias, scale));
    Sae.Activation activation;
    if (kind == SaeTrainOptions.Kind.TOPK) {
      activation = new Sae.Activation.TopK(bias, k, false);
    } else {
      float[] thresholds = new float[features];
      // A threshold is exceeded, so what was the least to be kept stays.
      Arrays.fill(thresholds, Math.max(0, Math.nextDown(threshold / scale)));
      activation = new Sae.Activation.JumpRelu(bias, Floats.of("threshold", thresholds));
    }
    return new Sae(
        width,
        features,
        activation,
        Sae.Normalization.NONE,
        true,
        Floats.of("W_enc", transposed),
        Floats.of("W_dec", decoder),
        Floats.of("b_dec", divided(decoderBias, scale)));
  }

  private static float[] divided(float[] values, float by) {
    float[] divided = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      divided[i] = values[i] / by;
    }
    return divided;
  }
}
