package io.innerspan.signals.drift;

import java.util.Random;
import java.util.function.DoubleSupplier;

/** Streams of values whose kind is known. */
final class Streams {
  static final double CORRELATION = 0.9;

  /** Independent, standard normal. */
  static DoubleSupplier independent(long seed) {
    return new Random(seed)::nextGaussian;
  }

  /** Autoregressive with variance 1. */
  static DoubleSupplier autocorrelated(long seed) {
    Random random = new Random(seed);
    double[] state = {random.nextGaussian()};
    double rest = Math.sqrt(1 - CORRELATION * CORRELATION);
    return () -> state[0] = CORRELATION * state[0] + rest * random.nextGaussian();
  }

  /** Independent around a mean that swings by one standard deviation in a period. */
  static DoubleSupplier diurnal(long seed, int period) {
    Random random = new Random(seed);
    long[] at = {0};
    return () -> random.nextGaussian() + Math.sin(2 * Math.PI * (at[0]++ % period) / period);
  }

  static double[] take(DoubleSupplier stream, int count) {
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      values[i] = stream.getAsDouble();
    }
    return values;
  }

  private Streams() {}
}
