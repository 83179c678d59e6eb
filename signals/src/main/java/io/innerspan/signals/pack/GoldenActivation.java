package io.innerspan.signals.pack;

import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.safetensors.Tensor;

/**
 * Activations with the logits that a probe gives for them: proof of the arithmetic.
 *
 * @param probe the probe's id
 * @param x the activations {@code [n, width]}, n at least 1, float
 * @param logit the raw logits {@code [n]} or {@code [n, 1]}, float
 */
public record GoldenActivation(String probe, Tensor x, Tensor logit) {
  public GoldenActivation {
    if (x.rank() != 2 || x.elements() == 0) {
      throw new InvalidValueException("golden.x of '" + probe + "'", "the shape [n, width]", x);
    }
    Golden.checkLogits("golden.logit of '" + probe + "'", logit, x.dim(0));
    Golden.checkFloats("golden.x of '" + probe + "'", x);
  }

  /** The number of activations. */
  public int rows() {
    return (int) x.dim(0);
  }
}
