package io.innerspan.signals.reference;

import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.Sae;
import io.innerspan.signals.Sae.Activation;

/** A sparse autoencoder applied to one activation, by the equations of SAELens 6. */
public final class ReferenceSae {
  private static final double LAYER_NORM_EPSILON = 1e-5;

  private final Sae sae;
  private final double shift;
  private final double scale;
  private final double[] features;

  private ReferenceSae(Sae sae, double shift, double scale, double[] features) {
    this.sae = sae;
    this.shift = shift;
    this.scale = scale;
    this.features = features;
  }

  /**
   * Encodes an activation.
   *
   * @param x {@code [in]}
   */
  public static ReferenceSae encode(Sae sae, double[] x) {
    if (x.length != sae.in()) {
      throw new InvalidValueException("activation", "the SAE's width " + sae.in(), x.length);
    }
    double shift = 0;
    double inverse = 1;
    double scale = 1;
    switch (sae.normalization()) {
      case NONE, EXPECTED_AVERAGE_ONLY_IN -> {}
      case CONSTANT_NORM_RESCALE -> {
        inverse = Math.sqrt(sae.in()) / Math.sqrt(Vectors.squares(x));
        scale = 1 / inverse;
      }
      case LAYER_NORM -> {
        shift = Vectors.mean(x);
        scale = deviation(x, shift);
        inverse = 1 / (scale + LAYER_NORM_EPSILON);
      }
    }
    double[] in = new double[x.length];
    for (int i = 0; i < in.length; i++) {
      in[i] = (x[i] - shift) * inverse;
      in[i] -= sae.subtractDecoderBias() ? sae.decoderBias().get(i) : 0;
    }
    return new ReferenceSae(sae, shift, scale, features(sae, products(sae, in)));
  }

  /** The features' activations, {@code [features]}. */
  public double[] features() {
    return features.clone();
  }

  /** The number of features that are not 0, L0. */
  public int activeFeatures() {
    int active = 0;
    for (double feature : features) {
      active += feature > 0 ? 1 : 0;
    }
    return active;
  }

  /** The reconstruction {@code [in]}, the normalisation undone. */
  public double[] decode() {
    double[] out = new double[sae.in()];
    for (int f = 0; f < features.length; f++) {
      if (features[f] != 0) {
        double weight = features[f] / (rescales(sae) ? decoderNorm(sae, f) : 1);
        for (int i = 0; i < out.length; i++) {
          out[i] += weight * sae.decoder().get(f * out.length + i);
        }
      }
    }
    for (int i = 0; i < out.length; i++) {
      out[i] = (out[i] + sae.decoderBias().get(i)) * scale + shift;
    }
    return out;
  }

  /** {@code ‖x − x̂‖₂ / ‖x‖₂} of the activation that was encoded. */
  public double error(double[] x) {
    double[] decoded = decode();
    double[] difference = new double[x.length];
    for (int i = 0; i < x.length; i++) {
      difference[i] = x[i] - decoded[i];
    }
    return Math.sqrt(Vectors.squares(difference)) / Math.sqrt(Vectors.squares(x));
  }

  /** {@code x W_enc}. */
  private static double[] products(Sae sae, double[] in) {
    double[] products = new double[sae.features()];
    for (int i = 0; i < in.length; i++) {
      for (int f = 0; f < products.length; f++) {
        products[f] += in[i] * sae.encoder().get(i * products.length + f);
      }
    }
    return products;
  }

  private static double[] features(Sae sae, double[] products) {
    double[] features = new double[products.length];
    if (sae.activation() instanceof Activation.TopK topK) {
      for (int f = 0; f < features.length; f++) {
        products[f] =
            (products[f] + topK.bias().get(f)) * (rescales(sae) ? decoderNorm(sae, f) : 1);
      }
      for (int f : Vectors.largest(products, topK.k())) {
        features[f] = Math.max(0, products[f]);
      }
      return features;
    }
    for (int f = 0; f < features.length; f++) {
      features[f] = feature(sae.activation(), products[f], f);
    }
    return features;
  }

  private static double feature(Activation activation, double product, int f) {
    if (activation instanceof Activation.JumpRelu jump) {
      double pre = product + jump.bias().get(f);
      return pre > jump.threshold().get(f) ? Math.max(0, pre) : 0;
    }
    if (activation instanceof Activation.Gated gated) {
      boolean open = product + gated.gateBias().get(f) > 0;
      double scale = Math.exp(gated.magnitudeScale().get(f));
      return open ? Math.max(0, product * scale + gated.magnitudeBias().get(f)) : 0;
    }
    Activation.Standard standard = (Activation.Standard) activation;
    return Math.max(0, product + standard.bias().get(f));
  }

  private static boolean rescales(Sae sae) {
    return sae.activation() instanceof Activation.TopK topK && topK.rescaleByDecoderNorm();
  }

  private static double decoderNorm(Sae sae, int feature) {
    double squares = 0;
    for (int i = 0; i < sae.in(); i++) {
      double weight = sae.decoder().get(feature * sae.in() + i);
      squares += weight * weight;
    }
    return Math.sqrt(squares);
  }

  /** With n − 1, as torch has it. */
  private static double deviation(double[] x, double mean) {
    double squares = 0;
    for (double value : x) {
      squares += (value - mean) * (value - mean);
    }
    return Math.sqrt(squares / (x.length - 1));
  }
}
