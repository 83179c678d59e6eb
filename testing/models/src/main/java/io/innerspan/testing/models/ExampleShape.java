package io.innerspan.testing.models;

import java.util.Map;

/**
 * How large an example is.
 *
 * @param batch rows
 * @param sequence tokens of each row, padding included; models without tokens do not use it
 * @param past tokens in the cache of a decoder with one; others do not use it
 * @param padding where rows are padded
 * @param seed of the contents
 */
public record ExampleShape(int batch, int sequence, int past, Padding padding, long seed) {
  public ExampleShape {
    if (batch < 1 || sequence < 1 || past < 0) {
      throw new IllegalArgumentException(
          "expected batch and sequence from 1 and past from 0, found "
              + batch
              + ", "
              + sequence
              + " and "
              + past);
    }
  }

  /** Rows of equal length, with a cache of three tokens where there is one. */
  public static ExampleShape of(int batch, int sequence) {
    return new ExampleShape(batch, sequence, 3, Padding.NONE, 1);
  }

  public ExampleShape withPadding(Padding padding) {
    return new ExampleShape(batch, sequence, past, padding, seed);
  }

  public ExampleShape withPast(int past) {
    return new ExampleShape(batch, sequence, past, padding, seed);
  }

  public ExampleShape withSeed(long seed) {
    return new ExampleShape(batch, sequence, past, padding, seed);
  }

  /** The sizes of the symbolic dimensions that the models use. */
  Map<String, Integer> symbols() {
    return Map.of(
        "batch", batch,
        "sequence", sequence,
        "past", past,
        "total", past + sequence,
        "source", sequence + 2);
  }
}
