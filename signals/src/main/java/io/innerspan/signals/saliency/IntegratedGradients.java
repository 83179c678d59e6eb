package io.innerspan.signals.saliency;

/**
 * Integrated gradients (Sundararajan, Taly, Yan: <a
 * href="https://arxiv.org/abs/1703.01365">Axiomatic Attribution for Deep Networks</a>): the mean of
 * the gradients on the straight way from the baseline to the input, times that way.
 */
public final class IntegratedGradients {
  /** The steps that are enough for a completeness error below 1e-3 on smooth models. */
  public static final int STEPS = 64;

  private final Quadrature quadrature;

  private IntegratedGradients(Quadrature quadrature) {
    this.quadrature = quadrature;
  }

  /** By Gauss and Legendre's rule, which needs few steps where the function is smooth. */
  public static IntegratedGradients gaussLegendre(int steps) {
    return new IntegratedGradients(Quadrature.gaussLegendre(steps));
  }

  /** By the midpoint rule of the paper. */
  public static IntegratedGradients midpoint(int steps) {
    return new IntegratedGradients(Quadrature.midpoint(steps));
  }

  /**
   * Explains a subject.
   *
   * @throws IllegalArgumentException when its function is not differentiable
   */
  public Attribution of(Subject subject) {
    double[] parts = new double[subject.parts()];
    double[] weights = quadrature.weights();
    Batches.gradients(
        Gradients.required(subject),
        weights.length,
        step -> subject.between(quadrature.nodes()[step]),
        (step, gradient) -> {
          double[] along = subject.along(gradient);
          for (int part = 0; part < parts.length; part++) {
            parts[part] += weights[step] * along[part];
          }
        });
    return subject.attribution(parts);
  }
}
