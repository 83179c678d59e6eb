package io.innerspan.workbench.learn;

import java.util.Random;

/**
 * A probe that is learnt by its gradient: one logit of a bag of tokens. Its parameters are one
 * array; those that are kept small come first.
 */
abstract class BagNetwork {
  final int width;
  final int tokens;

  /** What is learnt. */
  final float[] parameters;

  /** Where the gradient is summed up. */
  final float[] gradient;

  /**
   * @param width of a token's activation
   * @param tokens of the longest bag
   * @param parameters how many there are
   */
  BagNetwork(int width, int tokens, int parameters) {
    this.width = width;
    this.tokens = tokens;
    this.parameters = new float[parameters];
    gradient = new float[parameters];
  }

  /** How many of the parameters, from the first on, are weights and not offsets. */
  abstract int weights();

  /**
   * The logit of a bag.
   *
   * @param x {@code [count, width]}, standardised
   */
  abstract float forward(float[] x, int count);

  /** Adds the gradient of the logit that {@link #forward} gave last, times a slope. */
  abstract void backward(float[] x, int count, float slope);

  /** What was learnt, on activations before they were standardised. */
  abstract ProbeModel unfolded(Standardizer standardizer);

  /** Gaussian numbers of a deviation in a part of the parameters. */
  final void draw(Random random, int from, int to, double deviation) {
    for (int i = from; i < to; i++) {
      parameters[i] = (float) (random.nextGaussian() * deviation);
    }
  }

  /** {@code a += factor · b}. */
  static void add(float[] a, int aFrom, float factor, float[] b, int bFrom, int length) {
    for (int i = 0; i < length; i++) {
      a[aFrom + i] += factor * b[bFrom + i];
    }
  }
}
