package io.innerspan.workbench.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.signals.Calibration;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.reference.ReferenceProbe;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class DecidingTest {
  private static final List<Pooling> POOLINGS =
      List.of(
          Pooling.MAX,
          Pooling.topKMean(3),
          Pooling.topKMean(100),
          Pooling.rollingMax(4),
          Pooling.rollingMax(100),
          Pooling.softmax(0.7),
          Pooling.ema(0.3),
          Pooling.ema(1));

  @Test
  void pooled_workedExamples_areTheirPublishedValues() {
    assertThat(Deciding.pooled(Pooling.softmax(1), new double[] {0, Math.log(3)}))
        .isCloseTo(0.82396, within(5e-6));
    assertThat(Deciding.pooled(Pooling.ema(0.5), new double[] {0, 4, 0})).isEqualTo(2);
    assertThat(Deciding.pooled(Pooling.MAX, new double[] {-3, -1, -2})).isEqualTo(-1);
    assertThat(Deciding.pooled(Pooling.topKMean(2), new double[] {5, 1, 3})).isEqualTo(4);
    assertThat(Deciding.pooled(Pooling.rollingMax(2), new double[] {5, 1, 4, 3})).isEqualTo(3.5);
  }

  @Test
  void activation_ofChosenTokens_isTheirMean() {
    float[][] tokens = {{1, 0}, {0, 1}, {4, 4}};
    double[] logits = {2, 1, 3};
    assertThat(Deciding.activation(Pooling.MAX, logits, tokens)).isSameAs(tokens[2]);
    assertThat(Deciding.activation(Pooling.topKMean(2), logits, tokens)).containsExactly(2.5f, 2f);
    assertThat(Deciding.activation(Pooling.rollingMax(2), logits, tokens))
        .containsExactly(2f, 2.5f);
    // e = 1, 1, 2: the weights 1/8, 1/4, 1/2 of the last, scaled to sum to 1.
    assertThat(Deciding.activation(Pooling.ema(0.5), logits, tokens))
        .containsExactly(17f / 7, 18f / 7);
  }

  @ParameterizedTest
  @FieldSource("POOLINGS")
  void pooled_randomTexts_isWhatTheReferenceSays_andTheLogitOfWhatDecides(Pooling pooling) {
    Random random = new Random(11);
    for (int text = 0; text < 50; text++) {
      float[][] tokens = new float[1 + random.nextInt(12)][5];
      float[] weight = new float[5];
      for (int d = 0; d < 5; d++) {
        weight[d] = (float) random.nextGaussian();
        for (float[] token : tokens) {
          token[d] = (float) random.nextGaussian();
        }
      }
      LinearProbe probe =
          new LinearProbe(
              "any",
              new HookPoint("x"),
              pooling,
              weight,
              -0.5f,
              new Calibration.None(),
              null,
              "yes",
              "no");
      boolean[] real = new boolean[tokens.length];
      Arrays.fill(real, true);
      double[] logits =
          Arrays.stream(tokens).mapToDouble(token -> ReferenceProbe.logit(probe, token)).toArray();
      double pooled = Deciding.pooled(pooling, logits);
      assertThat(pooled).isCloseTo(ReferenceProbe.logit(probe, tokens, real), within(1e-9));
      double[] weights = Deciding.weights(pooling, logits);
      double sum = Arrays.stream(weights).sum();
      if (pooling.kind() != Pooling.Kind.EMA) {
        assertThat(sum).isCloseTo(1, within(1e-12));
      }
      // Linear: what decides has the logit itself, but for what the weights lack of 1.
      float[] decides = Deciding.activation(pooling, logits, tokens);
      assertThat(ReferenceProbe.logit(probe, decides)).isCloseTo(pooled / sum, within(1e-5));
    }
  }
}
