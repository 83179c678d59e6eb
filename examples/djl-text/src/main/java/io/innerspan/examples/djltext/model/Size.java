package io.innerspan.examples.djltext.model;

/**
 * How large a classifier is.
 *
 * @param vocabulary how many tokens there are
 * @param positions how many tokens a text may have
 * @param width of an activation
 * @param heads of attention, a divisor of the width
 * @param hidden width within a layer
 * @param layers how many
 * @param classes how many answers there are
 */
public record Size(
    int vocabulary, int positions, int width, int heads, int hidden, int layers, int classes) {
  public Size {
    if (width % heads != 0) {
      throw new IllegalArgumentException(
          "expected heads that divide the width of " + width + ", found " + heads);
    }
  }
}
