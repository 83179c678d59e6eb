package io.innerspan.signals.saliency;

/** A function of vectors, evaluated at several points at once. */
public interface PointFunction {
  /** The length of a vector. */
  int size();

  /** How many points it takes at once, at least 1. */
  int batch();

  /**
   * Evaluates.
   *
   * @param points {@code [n][size]}, n from 1 to {@link #batch}; not changed
   * @return n values
   */
  double[] values(double[][] points);
}
