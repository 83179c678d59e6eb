package io.innerspan.signals;

import org.jspecify.annotations.Nullable;

/**
 * The weights of a sparse autoencoder as SAELens writes them. The input is normalised, {@code
 * decoderBias} is taken from it if {@code subtractDecoderBias}, and what the activation function
 * leaves are the features.
 *
 * @param in the width of the activation, d_in
 * @param features the number of features, d_sae
 * @param activation from pre-activations to features
 * @param normalization of the input
 * @param subtractDecoderBias SAELens' {@code apply_b_dec_to_input}
 * @param encoder {@code W_enc [in, features]}, row by row
 * @param decoder {@code W_dec [features, in]}, row by row
 * @param decoderBias {@code b_dec [in]}
 */
public record Sae(
    int in,
    int features,
    Activation activation,
    Normalization normalization,
    boolean subtractDecoderBias,
    Floats encoder,
    Floats decoder,
    Floats decoderBias) {

  /** What is done to an activation x of width d before anything else. */
  public enum Normalization {
    /** Nothing. */
    NONE,
    /** Nothing at run time: the weights were scaled by the expected average norm. */
    EXPECTED_AVERAGE_ONLY_IN,
    /** {@code x · √d / ‖x‖₂}; undone after decoding. */
    CONSTANT_NORM_RESCALE,
    /** {@code (x − mean) / std} with n − 1 in the variance and 1e-5 beside it; undone likewise. */
    LAYER_NORM
  }

  /** From pre-activations to features. */
  public sealed interface Activation {
    /**
     * {@code ReLU(x W_enc + b_enc)}.
     *
     * @param bias {@code b_enc [features]}
     */
    record Standard(Floats bias) implements Activation {}

    /**
     * The k largest of {@code x W_enc + b_enc}, then ReLU.
     *
     * @param bias {@code b_enc [features]}
     * @param k how many are kept
     * @param rescaleByDecoderNorm whether pre-activations are multiplied by the norm of the
     *     feature's decoder row before they are compared, and divided by it for decoding
     */
    record TopK(Floats bias, int k, boolean rescaleByDecoderNorm) implements Activation {}

    /**
     * {@code ReLU(p) · 1[p > threshold]} of {@code p = x W_enc + b_enc}.
     *
     * @param bias {@code b_enc [features]}
     * @param threshold {@code [features]}
     */
    record JumpRelu(Floats bias, Floats threshold) implements Activation {}

    /**
     * {@code 1[x W_enc + b_gate > 0] · ReLU(x W_enc · exp(r_mag) + b_mag)}.
     *
     * @param gateBias {@code b_gate [features]}
     * @param magnitudeBias {@code b_mag [features]}
     * @param magnitudeScale {@code r_mag [features]}
     */
    record Gated(Floats gateBias, Floats magnitudeBias, Floats magnitudeScale)
        implements Activation {}
  }

  public Sae {
    expect("W_enc", (long) in * features, encoder);
    expect("W_dec", (long) in * features, decoder);
    expect("b_dec", in, decoderBias);
    if (activation instanceof Activation.Standard standard) {
      expect("b_enc", features, standard.bias());
    } else if (activation instanceof Activation.TopK topK) {
      expect("b_enc", features, topK.bias());
      Checks.count("k", topK.k(), features);
    } else if (activation instanceof Activation.JumpRelu jump) {
      expect("b_enc", features, jump.bias());
      expect("threshold", features, jump.threshold());
    } else if (activation instanceof Activation.Gated gated) {
      expect("b_gate", features, gated.gateBias());
      expect("b_mag", features, gated.magnitudeBias());
      expect("r_mag", features, gated.magnitudeScale());
    }
  }

  private static void expect(String what, long size, @Nullable Floats values) {
    if (values == null || values.size() != size) {
      throw new InvalidValueException(
          what, size + " values", values == null ? "none" : values.size());
    }
  }
}
