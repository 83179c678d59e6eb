package io.innerspan.signals.reference;

import io.innerspan.signals.Probe;
import io.innerspan.signals.Signal;

/** Any signal's value for one row of a batch, as its column of a reading holds it. */
public final class ReferenceSignal {
  /**
   * A probe's raw logit or a norm's value.
   *
   * @param activations {@code [tokens][width]}
   * @param mask {@code [tokens]}, the row of the model's attention mask: 0 is padding
   * @return NaN when no token is real: there is no reading
   */
  public static double value(Signal signal, float[][] activations, long[] mask) {
    return value(signal, activations, real(mask));
  }

  /**
   * A probe's raw logit or a norm's value.
   *
   * @param activations {@code [tokens][width]}
   * @param real {@code [tokens]}, which tokens are no padding
   * @return NaN when no token is real: there is no reading
   */
  public static double value(Signal signal, float[][] activations, boolean[] real) {
    // Signal is sealed; patterns in switch come with a later Java.
    return signal instanceof Probe probe
        ? ReferenceProbe.logit(probe, activations, real)
        : ReferenceNorm.value(activations, real);
  }

  /** Which tokens an attention mask calls real: those that are not 0. */
  public static boolean[] real(long[] mask) {
    boolean[] real = new boolean[mask.length];
    for (int token = 0; token < mask.length; token++) {
      real[token] = mask[token] != 0;
    }
    return real;
  }

  private ReferenceSignal() {}
}
