package io.innerspan.signals.saliency;

/** What needs the gradient at the input alone. */
final class Gradients {
  /** The gradient at the input times its distance from the baseline. */
  static Attribution timesInput(Subject subject) {
    double[][] gradient = required(subject).gradients(new double[][] {subject.input()});
    return subject.attribution(subject.along(gradient[0]));
  }

  static Differentiable required(Subject subject) {
    if (subject.function() instanceof Differentiable differentiable) {
      return differentiable;
    }
    throw new IllegalArgumentException(
        "expected a function with gradients, found " + subject.function().getClass().getName());
  }

  private Gradients() {}
}
