package io.innerspan.signals.saliency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.offset;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class SaliencyMethodTest {
  private static final double EXACT = 1e-12;

  @ParameterizedTest
  @EnumSource
  void explain_aLinearFunction_givesWeightTimesDisplacement(SaliencyMethod method) {
    Subject subject = subject(Functions.linear(2, -3, 0.5), array(1, 2, 4), array(0.5, 0, 8));

    Attribution attribution = method.explain(subject);

    assertThat(attribution.parts()).containsExactly(array(1, -6, -2), offset(EXACT));
    assertThat(attribution.value()).isEqualTo(-1);
    assertThat(attribution.completenessError()).isLessThan(EXACT);
  }

  @ParameterizedTest
  @EnumSource
  void explain_aLinearFunctionWithoutGradients_givesTheSame(SaliencyMethod method) {
    PointFunction function = Functions.linear(2, -3, 0.5, 1).opaque();
    Subject subject = new Subject(function, array(1, 2, 4, 8), new double[4], 2);

    assertThat(method.explain(subject).parts()).containsExactly(array(-4, 10), offset(1e-10));
  }

  @Test
  void integratedGradients_ofACubic_areItsExactAttribution() {
    Subject subject = subject(Functions.cubic(), array(2, 3), new double[2]);

    Attribution attribution = SaliencyMethod.INTEGRATED_GRADIENTS.explain(subject);

    assertThat(attribution.parts()).containsExactly(array(8, 4), offset(EXACT));
    assertThat(attribution.completenessError()).isLessThan(EXACT);
  }

  @ParameterizedTest
  @CsvSource({"1, -3", "10, -0.03", "100, -0.0003"})
  void midpointRule_ofACubic_missesByItsKnownError(int steps, double error) {
    Subject subject = subject(Functions.cubic(), array(2, 3), new double[2]);

    Attribution attribution = IntegratedGradients.midpoint(steps).of(subject);

    assertThat(Arrays.stream(attribution.parts()).sum() - 12).isCloseTo(error, offset(EXACT));
    assertThat(attribution.completenessError()).isCloseTo(-error / 12, offset(EXACT));
  }

  @Test
  void occlusion_ofAnd_blamesBothInFull() {
    Subject subject = subject(Functions.and(), array(1, 1), new double[2]);

    Attribution attribution = SaliencyMethod.OCCLUSION.explain(subject);

    assertThat(attribution.parts()).containsExactly(1, 1);
    assertThat(attribution.completenessError()).isEqualTo(1);
  }

  @Test
  void gradientTimesInput_ofACubic_isTheTangents() {
    Subject subject = subject(Functions.cubic(), array(2, 3), array(1, 1));

    Attribution attribution = SaliencyMethod.GRADIENT_TIMES_INPUT.explain(subject);

    assertThat(attribution.parts()).containsExactly(12, 8);
    assertThat(attribution.baselineValue()).isEqualTo(1);
  }

  @Test
  void integratedGradients_ofSoftmax_completeAndAgreeWithDifferences() {
    Random random = new Random(7);
    double[][] weights = new double[3][6];
    Arrays.stream(weights).forEach(row -> Arrays.setAll(row, i -> random.nextGaussian()));
    double[] input = random.doubles(6, -2, 2).toArray();
    Functions softmax = Functions.softmax(weights, 1);
    Subject smooth = new Subject(softmax, input, new double[6], 2);
    Subject opaque = new Subject(softmax.opaque(), input, new double[6], 2);

    Attribution exact = SaliencyMethod.INTEGRATED_GRADIENTS.explain(smooth);
    Attribution differences = SaliencyMethod.INTEGRATED_GRADIENTS.explain(opaque);

    assertThat(exact.completenessError()).isLessThan(1e-10);
    assertThat(differences.completenessError()).isLessThan(1e-3);
    assertThat(differences.parts()).containsExactly(exact.parts(), offset(1e-4));
    assertThat(IntegratedGradients.midpoint(64).of(smooth).completenessError()).isLessThan(1e-3);
  }

  @ParameterizedTest
  @EnumSource(names = {"INTEGRATED_GRADIENTS", "GRADIENT_TIMES_INPUT"})
  void explain_aCurvedFunctionWithoutGradients_isAsGoodAsWithThem(SaliencyMethod method) {
    Functions wave = Functions.wave(40, 30);
    Subject smooth = subject(wave, array(0.9, 0.7), array(0, 0.1));
    Subject opaque = subject(wave.opaque(), array(0.9, 0.7), array(0, 0.1));

    Attribution exact = method.explain(smooth);
    Attribution differences = method.explain(opaque);

    // Differences at one distance are wrong by (40 × 0.9 / 256)² / 6, so by 0.3 %.
    assertThat(differences.parts()[0] / exact.parts()[0]).isCloseTo(1, offset(1e-4));
    assertThat(differences.parts()[1] / exact.parts()[1]).isCloseTo(1, offset(1e-4));
    assertThat(differences.value()).isEqualTo(exact.value());
    assertThat(differences.baselineValue()).isEqualTo(exact.baselineValue());
  }

  @Test
  void explain_whereThereIsNothingToExplain_hasNoCompleteness() {
    Subject subject = subject(Functions.linear(2, 3), array(1, 1), array(1, 1));

    Attribution attribution = SaliencyMethod.INTEGRATED_GRADIENTS.explain(subject);

    assertThat(attribution.parts()).containsExactly(0, 0);
    assertThat(attribution.completenessError()).isNaN();
  }

  @Test
  void explain_aFunctionThatLosesResults_fails() {
    Functions linear = Functions.linear(1, 1);
    PointFunction loses = new Losing(linear);
    assertThatExceptionOfType(IllegalStateException.class)
        .isThrownBy(
            () -> SaliencyMethod.OCCLUSION.explain(subject(loses, new double[2], new double[2])))
        .withMessage("expected 2 results, found 0");
  }

  @Test
  void subject_whoseVectorsDoNotFit_isRefused() {
    Functions function = Functions.linear(1, 1, 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> subject(function, new double[2], new double[3]))
        .withMessage("expected vectors of 3 elements, found an input of 2 and a baseline of 3");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Subject(function, new double[3], new double[3], 2))
        .withMessage("expected parts that 3 elements are made of, found parts of 2 elements");
  }

  @Test
  void of_names_givesWhatTheyName() {
    for (SaliencyMethod method : SaliencyMethod.values()) {
      assertThat(SaliencyMethod.of(method.value())).isSameAs(method);
    }
    for (Baseline baseline : Baseline.values()) {
      assertThat(Baseline.of(baseline.value())).isSameAs(baseline);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> SaliencyMethod.of("lime"))
        .withMessage(
            "expected one of integrated_gradients, gradient_times_input, occlusion, found lime");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Baseline.of("noise"))
        .withMessage("expected one of zero, mean, padding, found noise");
  }

  @Test
  void mean_ofParts_standsInTheirPlaces() {
    assertThat(Baseline.mean(array(1, 10, 3, 30), 2)).containsExactly(2, 20, 2, 20);
  }

  private static Subject subject(PointFunction function, double[] input, double[] baseline) {
    return new Subject(function, input, baseline, 1);
  }

  private static double[] array(double... values) {
    return values;
  }

  private record Losing(PointFunction function) implements PointFunction {
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
      return new double[0];
    }
  }
}
