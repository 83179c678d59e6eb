package io.innerspan.signals.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.signals.FeatureDictionary;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Sae.Normalization;
import io.innerspan.signals.SaeFeatures;
import io.innerspan.signals.SaeFeatures.Scope;
import io.innerspan.signals.SaeFeatures.Watched;
import io.innerspan.signals.SmallSae;
import io.innerspan.signals.TokenSelection;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Features of (1, 2, −1): 3.5, 0, 0, 0.075; of (−½, 1, 2): 0.25, 3.65, 1.05, 0. */
class ReferenceSaeFeaturesTest {
  private static final HookPoint HERE = new HookPoint("h");
  private static final float[] X = {1, 2, -1};
  private static final float[] Y = {-.5f, 1, 2};
  private static final float[] PADDING = {Float.NaN, 1, 1};

  @Test
  void values_pooled_areOfTheMeanActivation() {
    // 2 Y and 0: their mean is Y.
    float[][] x = {PADDING, {-1, 2, 4}, {0, 0, 0}};
    double[] values =
        ReferenceSignal.values(
            features(Scope.POOLED, TokenSelection.ALL),
            RowInputs.of().mask(new long[] {0, 1, 1}).activation(HERE, x));
    assertThat(values)
        .containsExactly(
            new double[] {1, 2, 0, 3.65, 1.05, .25, 3, 1.7454532660981648, 0, 3.65}, within(1e-6));
  }

  @Test
  void values_tokens_areTheLargestWithTheirPlaces() {
    float[][] x = {PADDING, X, Y, PADDING};
    double[] values =
        ReferenceSignal.values(
            features(Scope.TOKENS, TokenSelection.ALL),
            RowInputs.of().mask(new long[] {0, 1, 1, 0}).activation(HERE, x));
    double error = (1.1401697071695631 + 1.7454532660981648) / 2;
    assertThat(values)
        .containsExactly(
            new double[] {1, 0, 2, 3.65, 3.5, 1.05, 2, 1, 2, 2.5, error, .075, 3.65}, within(1e-6));
  }

  @Test
  void values_excludedIds_areNotEncoded() {
    float[][] x = {X, Y};
    RowInputs row = RowInputs.of().ids(new long[] {0, 9}).activation(HERE, x);
    SaeFeatures signal = features(Scope.TOKENS, TokenSelection.excluding(0));
    double[] values = ReferenceSignal.values(signal, row);
    assertThat(values[signal.activation(2)]).isCloseTo(.25, within(1e-6));
    assertThat(values[signal.token(2)]).isEqualTo(1);
    assertThat(ReferenceSignal.values(signal, row.mask(new long[] {1, 0})))
        .containsOnly(Double.NaN);
  }

  private static SaeFeatures features(Scope scope, TokenSelection tokens) {
    return new SaeFeatures(
        "sae",
        HERE,
        tokens,
        SmallSae.of(SmallSae.STANDARD, Normalization.NONE, true),
        scope,
        3,
        List.of(new Watched(3, "rare"), new Watched(1, "often")),
        FeatureDictionary.NONE);
  }
}
