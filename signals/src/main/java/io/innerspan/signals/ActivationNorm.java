package io.innerspan.signals;

/**
 * The mean over a row's real tokens of the L2 norm of the activation.
 *
 * @param id the signal's id
 * @param hookPoint where the activation {@code [batch, tokens, width]} is read
 */
public record ActivationNorm(String id, HookPoint hookPoint) implements Signal {
  public ActivationNorm {
    Checks.id(id);
  }
}
