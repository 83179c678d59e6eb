package io.innerspan.signals.saliency;

import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * How an inference is explained. Functions without gradients are explained by {@link Differences}
 * along the displacement of each part.
 */
public enum SaliencyMethod {
  /** {@link IntegratedGradients} with its usual number of steps. */
  INTEGRATED_GRADIENTS("integrated_gradients") {
    @Override
    public Attribution explain(Subject subject) {
      IntegratedGradients rule = IntegratedGradients.gaussLegendre(IntegratedGradients.STEPS);
      return isDifferentiable(subject) ? rule.of(subject) : Differences.integrated(subject, rule);
    }
  },

  /** The gradient at the input, times the input's distance from the baseline. */
  GRADIENT_TIMES_INPUT("gradient_times_input") {
    @Override
    public Attribution explain(Subject subject) {
      return isDifferentiable(subject)
          ? Gradients.timesInput(subject)
          : Differences.timesInput(subject);
    }
  },

  /** What the value loses when a part is replaced by the baseline's. */
  OCCLUSION("occlusion") {
    @Override
    public Attribution explain(Subject subject) {
      double[] without = Batches.values(subject.function(), subject.parts(), subject::without);
      Attribution ends = subject.attribution(without);
      double[] parts = new double[without.length];
      Arrays.setAll(parts, part -> ends.value() - without[part]);
      return new Attribution(parts, ends.value(), ends.baselineValue());
    }
  };

  private final String value;

  SaliencyMethod(String value) {
    this.value = value;
  }

  /** Its name in settings and telemetry. */
  public String value() {
    return value;
  }

  /**
   * The method of a name.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static SaliencyMethod of(String value) {
    for (SaliencyMethod method : values()) {
      if (method.value.equals(value)) {
        return method;
      }
    }
    throw new IllegalArgumentException(
        "expected one of "
            + Arrays.stream(values()).map(SaliencyMethod::value).collect(Collectors.joining(", "))
            + ", found "
            + value);
  }

  /** Attributes the value of a subject's function to the parts of its input. */
  public abstract Attribution explain(Subject subject);

  private static boolean isDifferentiable(Subject subject) {
    return subject.function() instanceof Differentiable;
  }
}
