package io.innerspan.signals.saliency;

/** A function whose gradient can be had. */
public interface Differentiable extends PointFunction {
  /**
   * The gradients at some points.
   *
   * @param points {@code [n][size]}, n from 1 to {@link #batch}; not changed
   * @return {@code [n][size]}
   */
  double[][] gradients(double[][] points);
}
