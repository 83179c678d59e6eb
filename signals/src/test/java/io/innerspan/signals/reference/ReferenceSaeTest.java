package io.innerspan.signals.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.signals.Sae;
import io.innerspan.signals.Sae.Activation;
import io.innerspan.signals.Sae.Normalization;
import io.innerspan.signals.SmallSae;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The expected numbers were computed from SAELens' own equations ({@code encode} and {@code decode}
 * of its classes, version 6) in their matrix form by a script of its own, in double precision.
 */
class ReferenceSaeTest {
  private static final double[] X = {1, 2, -1};
  private static final double[] Y = {-.5, 1, 2};

  static Stream<Arguments> autoencoders() {
    return Stream.of(
            arguments(SmallSae.STANDARD, Normalization.NONE, X)
                .features(3.5, 0, 0, .075)
                .decoded(3.7125, 1.56875, -1.50625, 1.1401697071695631),
            arguments(SmallSae.STANDARD, Normalization.EXPECTED_AVERAGE_ONLY_IN, X)
                .features(3.5, 0, 0, .075)
                .decoded(3.7125, 1.56875, -1.50625, 1.1401697071695631),
            arguments(SmallSae.STANDARD, Normalization.NONE, Y)
                .features(.25, 3.65, 1.05, 0)
                .decoded(-.0375, 1.6125, 5.925, 1.7454532660981648),
            arguments(SmallSae.topK(false), Normalization.NONE, Y)
                .features(0, 3.65, 1.05, 0)
                .decoded(-.2875, 1.4875, 6.05, 1.782737986196787),
            arguments(SmallSae.topK(true), Normalization.NONE, Y)
                .features(0, 4.652855285258555, 2.4058522202196775, 0)
                .decoded(-.2875, 1.4875, 6.05, 1.782737986196787),
            arguments(SmallSae.JUMP_RELU, Normalization.NONE, X)
                .features(3.5, 0, 0, 0)
                .decoded(3.6, 1.55, -1.45, 1.0927793355946804),
            arguments(SmallSae.JUMP_RELU, Normalization.NONE, Y)
                .features(0, 3.65, 1.05, 0)
                .decoded(-.2875, 1.4875, 6.05, 1.782737986196787),
            arguments(SmallSae.GATED, Normalization.NONE, X)
                .features(3.4, 0, 0, 1.419355671379828)
                .decoded(
                    5.629033518245613, 1.854838919707602, -2.4645167464568196, 1.983004133166204),
            arguments(SmallSae.GATED, Normalization.NONE, Y)
                .features(0, 6.382704743537851, .0942449080802219, 0)
                .decoded(
                    -1.4485537303542357, 4.492783646592935, 6.871194571619224, 2.648551386121013),
            arguments(SmallSae.STANDARD, Normalization.CONSTANT_NORM_RESCALE, Y)
                .features(.31101777467125724, 2.6737157676825403, .7754200557025935, 0)
                .decoded(
                    .17236919260511305, 1.5681045958858804, 5.779705919035367, 1.6937419827916165),
            arguments(SmallSae.topK(true), Normalization.CONSTANT_NORM_RESCALE, Y)
                .features(0, 3.4083322183034963, 1.7767105503220042, 0)
                .decoded(
                    -.23906864994532212, 1.3623856746106626, 5.985424840310586, 1.7502663581985807),
            arguments(SmallSae.STANDARD, Normalization.LAYER_NORM, Y)
                .features(0, 2.1665914621912483, .48792176953581823, 0)
                .decoded(.584582672725552, 2.012393272399525, 5.164969067286145, 1.525546828352406),
            arguments(SmallSae.topK(true), Normalization.LAYER_NORM, Y)
                .features(0, 2.7618730359241748, 1.1179692210573426, 0)
                .decoded(.584582672725552, 2.012393272399525, 5.164969067286145, 1.525546828352406))
        .map(Case::arguments);
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("autoencoders")
  void encode_everyArchitecture_isAsSaeLensComputesIt(
      String activation, Normalization normalization, Sae sae, double[] x, double[] expected) {
    ReferenceSae encoded = ReferenceSae.encode(sae, x);
    double[] decoded = encoded.decode();
    assertThat(encoded.features())
        .as(activation)
        .containsExactly(Arrays.copyOf(expected, 4), within(1e-6));
    assertThat(decoded).containsExactly(Arrays.copyOfRange(expected, 4, 7), within(1e-6));
    assertThat(encoded.error(x)).isCloseTo(expected[7], within(1e-6));
  }

  @Test
  void encode_biasNotSubtracted_readsTheActivationAsItIs() {
    Sae sae = SmallSae.of(SmallSae.STANDARD, Normalization.NONE, false);
    ReferenceSae encoded = ReferenceSae.encode(sae, Y);
    assertThat(encoded.features()).containsExactly(new double[] {0, 3.9, 1.525, 0}, within(1e-6));
    assertThat(encoded.activeFeatures()).isEqualTo(2);
    assertThat(encoded.error(Y)).isCloseTo(2.299178175511258, within(1e-6));
  }

  @Test
  void encode_otherWidth_isRefused() {
    Sae sae = SmallSae.of(SmallSae.STANDARD, Normalization.NONE, true);
    assertThatThrownBy(() -> ReferenceSae.encode(sae, new double[2]))
        .hasMessage("activation: expected the SAE's width 3, found 2");
  }

  private static Case arguments(Activation activation, Normalization normalization, double[] x) {
    return new Case(activation, normalization, x, new double[8]);
  }

  private record Case(
      Activation activation, Normalization normalization, double[] x, double[] expected) {
    Case features(double... features) {
      System.arraycopy(features, 0, expected, 0, 4);
      return this;
    }

    /** And the error. */
    Case decoded(double... decoded) {
      System.arraycopy(decoded, 0, expected, 4, 4);
      return this;
    }

    Arguments arguments() {
      String name = activation.getClass().getSimpleName();
      Sae sae = SmallSae.of(activation, normalization, true);
      return Arguments.of(name, normalization, sae, x, expected);
    }
  }
}
