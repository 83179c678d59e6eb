package io.innerspan.signals.saliency;

import java.util.Arrays;

/**
 * Explains by differences what has no gradients, along the displacement of each part. What the
 * curvature of the function makes of them, which grows with the square of their distance, is taken
 * out by differences at twice the distance (Richardson's extrapolation).
 */
final class Differences {
  /**
   * The part of a displacement that is looked to either side: wide enough for the rounding of
   * float32.
   */
  private static final double DISTANCE = 1.0 / 256;

  /** Integrated gradients that are as complete as this need no second distance. */
  private static final double COMPLETE = 2.5e-4;

  private Differences() {}

  /** Integrated gradients: two points for each part and step, or four where two do not do. */
  static Attribution integrated(Subject subject, IntegratedGradients rule) {
    Displacements displacements = new Displacements(subject);
    Attribution near = rule.of(displacements.differentiable(DISTANCE));
    return near.completenessError() <= COMPLETE
        ? near
        : extrapolated(near, rule.of(displacements.differentiable(2 * DISTANCE)));
  }

  /** The gradient times the input: four points for each part. */
  static Attribution timesInput(Subject subject) {
    Displacements displacements = new Displacements(subject);
    return extrapolated(
        Gradients.timesInput(displacements.differentiable(DISTANCE)),
        Gradients.timesInput(displacements.differentiable(2 * DISTANCE)));
  }

  private static Attribution extrapolated(Attribution near, Attribution far) {
    double[] once = near.parts();
    double[] twice = far.parts();
    double[] parts = new double[once.length];
    Arrays.setAll(parts, part -> (4 * once[part] - twice[part]) / 3);
    return new Attribution(parts, near.value(), near.baselineValue());
  }
}
