package io.innerspan.testing.models;

/**
 * How wide a transformer is.
 *
 * @param width of the residual stream, a multiple of the heads
 * @param hidden of the feed-forward's inside
 */
record Size(int width, int heads, int hidden) {
  static final Size SMALL = new Size(Blocks.WIDTH, Blocks.HEADS, Blocks.HIDDEN);

  int headWidth() {
    return width / heads;
  }
}
