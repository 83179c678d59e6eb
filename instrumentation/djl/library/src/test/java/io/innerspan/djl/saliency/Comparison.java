package io.innerspan.djl.saliency;

import static org.assertj.core.api.Assertions.assertThat;

import io.innerspan.signals.saliency.Attribution;
import io.innerspan.signals.saliency.CentralDifferences;
import io.innerspan.signals.saliency.PointFunction;
import io.innerspan.signals.saliency.SaliencyMethod;
import io.innerspan.signals.saliency.Subject;

/** Compares a model's gradients with differences of its values. */
final class Comparison {
  private static final double COMPLETE = 1e-3;
  private static final double SAME_DIRECTION = 0.9999;

  /** Small beside an activation, and far above the rounding of float32. */
  private static final double DISTANCE = 1.0 / 64;

  /** Checks the gradient at the input, element by element, and integrated gradients by part. */
  static void check(Subject subject) {
    NetworkFunction function = (NetworkFunction) subject.function();
    double[][] input = {subject.input()};
    double[] gradient = function.gradients(input)[0];
    double[] differences = new CentralDifferences(function, DISTANCE).gradients(input)[0];
    assertThat(cosine(gradient, differences)).isGreaterThanOrEqualTo(SAME_DIRECTION);

    Attribution exact = SaliencyMethod.INTEGRATED_GRADIENTS.explain(subject);
    assertThat(exact.completenessError()).as("of gradients").isLessThan(COMPLETE);
    Attribution measured = SaliencyMethod.INTEGRATED_GRADIENTS.explain(withoutGradients(subject));
    assertThat(measured.completenessError()).as("of differences").isLessThan(COMPLETE);
    assertThat(cosine(exact.parts(), measured.parts())).isGreaterThanOrEqualTo(SAME_DIRECTION);
  }

  private static Subject withoutGradients(Subject subject) {
    return new Subject(
        new Opaque(subject.function()), subject.input(), subject.baseline(), subject.width());
  }

  /** A function whose gradients are not to be had. */
  private record Opaque(PointFunction function) implements PointFunction {
    @Override
    public int size() {
      return function.size();
    }

    @Override
    public int batch() {
      return function.batch();
    }

    @Override
    public double[] values(double[][] points) {
      return function.values(points);
    }
  }

  static double cosine(double[] a, double[] b) {
    double dot = 0;
    double aa = 0;
    double bb = 0;
    for (int i = 0; i < a.length; i++) {
      dot += a[i] * b[i];
      aa += a[i] * a[i];
      bb += b[i] * b[i];
    }
    return dot / Math.sqrt(aa * bb);
  }

  private Comparison() {}
}
