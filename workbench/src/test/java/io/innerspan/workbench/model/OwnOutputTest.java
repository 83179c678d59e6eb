package io.innerspan.workbench.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class OwnOutputTest {
  private static final float LN_3 = (float) Math.log(3);
  private static final double ENTROPY = -.25 * Math.log(.25) - .75 * Math.log(.75);

  @Test
  void features_twoClasses_areConfidenceMarginEntropyAndLogProbabilities() {
    float[] features = OwnOutput.features(new float[] {0, LN_3});

    assertThat(features).hasSize(5);
    assertThat(features[0]).isCloseTo(.75f, within(1e-6f));
    assertThat(features[1]).isCloseTo(.5f, within(1e-6f));
    assertThat((double) features[2]).isCloseTo(ENTROPY, within(1e-6));
    assertThat((double) features[3]).isCloseTo(Math.log(.25), within(1e-6));
    assertThat((double) features[4]).isCloseTo(Math.log(.75), within(1e-6));
  }

  @Test
  void features_tie_hasNoMargin() {
    assertThat(OwnOutput.features(new float[] {2, 2, -100})[1]).isCloseTo(0, within(1e-6f));
  }

  @Test
  void features_manyClasses_areWithoutLogProbabilities() {
    assertThat(OwnOutput.features(new float[1000])).hasSize(3);
  }

  @Test
  void features_ofTokens_areThoseOfTheLastRealOne() {
    // Two rows of three tokens and two classes; the second row has two tokens.
    float[] values = {0, 0, 0, 0, 9, 0, /* row 2 */ 0, 0, 0, LN_3, 7, 7};
    OwnOutput output = new OwnOutput("logits", true);

    assertThat(output.features(values, 1, 2, 3, 2)[0]).isCloseTo(.75f, within(1e-6f));
    assertThat(output.features(values, 0, 2, 3, 3)[0]).isCloseTo(.99988f, within(1e-5f));
    assertThat(new OwnOutput("logits", false).features(new float[] {0, 0, 0, LN_3}, 1, 2, 3, 2)[0])
        .isCloseTo(.75f, within(1e-6f));
  }
}
