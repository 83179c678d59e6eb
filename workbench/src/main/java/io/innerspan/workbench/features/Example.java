package io.innerspan.workbench.features;

import java.util.List;

/**
 * A text on which a feature is active.
 *
 * @param activation the greatest on the text's tokens
 * @param text the text, or what of it lies around the strongest token
 * @param peak the strongest token's characters
 * @param tokens the tokens on which the feature is active, in the order of the text
 */
public record Example(double activation, String text, String peak, List<ActiveToken> tokens) {
  public Example {
    tokens = List.copyOf(tokens);
  }

  /**
   * A token on which a feature is active.
   *
   * @param begin in the example's text, in UTF-16 characters
   * @param end exclusive
   * @param activation above 0
   */
  public record ActiveToken(int begin, int end, double activation) {}
}
