package io.innerspan.workbench.model;

import io.innerspan.signals.HookPoint;
import io.innerspan.workbench.data.BadInput;
import java.nio.file.Path;

/** Holds that activations are numbers, before anything is learnt from them. */
public final class FiniteActivations {
  /**
   * Checks those of one text.
   *
   * @param model the model's file or folder, for the message
   * @param tokens {@code [tokens][width]}
   * @param text the text's index
   * @throws BadInput when one is infinite or not a number
   */
  public static void check(Path model, float[][] tokens, HookPoint hookPoint, int text) {
    for (float[] token : tokens) {
      for (float value : token) {
        if (!Float.isFinite(value)) {
          throw BadInput.in(
              model,
              "activations that are finite",
              value + " at '" + hookPoint + "' in text " + (text + 1));
        }
      }
    }
  }

  private FiniteActivations() {}
}
