package io.innerspan.signals.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.signals.HookPoint;
import io.innerspan.signals.OutputConfidence;
import io.innerspan.signals.OutputConfidence.Disagreement;
import io.innerspan.signals.Position;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ReferenceConfidenceTest {
  private static final HookPoint LOGITS = new HookPoint("logits");
  private static final float LN_3 = (float) Math.log(3);

  @Test
  void values_oneToThree_areTheKnownAnswers() {
    double entropy = 2 * Math.log(2) - 0.75 * Math.log(3);
    assertThat(values(1, new Disagreement("p", 0), LN_3, 0))
        .containsExactly(new double[] {.75, .5, entropy, .75}, within(1e-7));
  }

  /** √3 to 1. */
  @Test
  void values_temperature_dividesTheLogits() {
    double p = Math.sqrt(3) / (1 + Math.sqrt(3));
    double entropy = -p * Math.log(p) - (1 - p) * Math.log(1 - p);
    assertThat(values(2, new Disagreement("p", 1), LN_3, 0))
        .containsExactly(new double[] {p, 2 * p - 1, entropy, 1 - p}, within(1e-7));
  }

  @Test
  void values_hugeLogits_doNotOverflow() {
    assertThat(values(1, null, 3e38f, -3e38f)).containsExactly(1, 1, 0);
  }

  @Test
  void values_positionInTokens_isTheLastRealOnes() {
    OutputConfidence confidence = new OutputConfidence("c", LOGITS, Position.LAST, 1, null);
    RowInputs row =
        RowInputs.of()
            .mask(new long[] {1, 1, 0})
            .logits(LOGITS, new float[][] {{9, 0}, {LN_3, 0}, {0, 9}});
    assertThat(ReferenceSignal.values(confidence, row)[0]).isCloseTo(.75, within(1e-7));
    assertThat(ReferenceSignal.values(confidence, row.mask(new long[3]))).containsOnly(Double.NaN);
  }

  @Test
  void values_answersThatAreNotThere_areRefused() {
    assertThatThrownBy(() -> values(1, null, 1))
        .hasMessage("logits: expected at least 2 answers, found 1");
    assertThatThrownBy(() -> values(1, new Disagreement("p", 2), 1, 2))
        .hasMessage("answer: expected an index below 2, found 2");
  }

  private static double[] values(
      double temperature, @Nullable Disagreement disagreement, float... logits) {
    return ReferenceSignal.values(
        new OutputConfidence("c", LOGITS, Position.LAST, temperature, disagreement),
        RowInputs.of().logits(LOGITS, logits));
  }
}
