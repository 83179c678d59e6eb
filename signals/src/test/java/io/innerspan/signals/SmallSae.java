package io.innerspan.signals;

import io.innerspan.signals.Sae.Activation;
import io.innerspan.signals.Sae.Normalization;

/** Autoencoders of 3 dimensions and 4 features, whose numbers can be followed by hand. */
public final class SmallSae {
  public static final Activation STANDARD = new Activation.Standard(floats(.2f, -.1f, .4f, -.3f));
  public static final Activation JUMP_RELU =
      new Activation.JumpRelu(floats(.2f, -.1f, .4f, -.3f), floats(.5f, 2, .1f, .7f));
  public static final Activation GATED =
      new Activation.Gated(
          floats(-1, .5f, 3, .1f), floats(.1f, .2f, -.3f, .4f), floats(0, .5f, -.5f, 1));

  public static Activation topK(boolean rescale) {
    return new Activation.TopK(floats(.2f, -.1f, .4f, -.3f), 2, rescale);
  }

  public static Sae of(Activation activation, Normalization normalization, boolean subtract) {
    return new Sae(
        3,
        4,
        activation,
        normalization,
        subtract,
        floats(.5f, -1, .25f, 2, 1, .5f, -.75f, -.5f, -.5f, 1.5f, 1, .25f),
        floats(1, .5f, -.5f, -.25f, .75f, 1, .5f, -1, 2, 1.5f, .25f, -.75f),
        floats(.1f, -.2f, .3f));
  }

  private static Floats floats(float... values) {
    return Floats.of("test", values);
  }

  private SmallSae() {}
}
