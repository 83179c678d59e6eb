package io.innerspan.signals.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.signals.AttentionProbe;
import io.innerspan.signals.Calibration;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Mlp;
import io.innerspan.signals.MlpProbe;
import io.innerspan.signals.Pooling;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Known answers; a token's activation is its query's and its value's product, side by side. */
class ReferenceAttentionTest {
  private static final float LN_3 = (float) Math.log(3);

  @Test
  void logit_attention_weighsValuesByTheSoftmaxOfQueries() {
    AttentionProbe probe = oneHead(AttentionProbe.Rule.ATTENTION);
    assertThat(logit(probe, new float[][] {{0, 1}, {LN_3, 5}}, "11")).isCloseTo(4, within(1e-6));
    assertThat(logit(probe, new float[][] {{9, 9}, {0, 1}, {9, 9}, {LN_3, 5}}, "0101"))
        .isCloseTo(4, within(1e-6));
  }

  @Test
  void logit_rollingAttention_isTheGreatestOfWholeWindows() {
    AttentionProbe probe = oneHead(AttentionProbe.Rule.rolling(2));
    float[][] x = {{0, 1}, {LN_3, 5}, {0, 9}};
    assertThat(logit(probe, x, "111")).isCloseTo(6, within(1e-6));
    float[][] padded = {{0, 99}, {0, 1}, {LN_3, 5}, {9, 99}, {0, 9}};
    assertThat(logit(probe, padded, "01101")).isCloseTo(6, within(1e-6));
    assertThat(logit(oneHead(AttentionProbe.Rule.rolling(10)), x, "111"))
        .isCloseTo((1 + 3 * 5 + 9) / 5.0, within(1e-6));
  }

  @Test
  void logit_multimax_addsTheGreatestOfEachHead() {
    AttentionProbe probe =
        probe(null, AttentionProbe.Rule.MULTIMAX, 2, new float[0], new float[] {1, 0, 0, 1}, 0.5f);
    assertThat(logit(probe, new float[][] {{-3, 1}, {-1, -5}, {9, 9}}, "110"))
        .isEqualTo(-1 + 1 + 0.5);
  }

  @Test
  void logit_noRealToken_isNoReading() {
    assertThat(logit(oneHead(AttentionProbe.Rule.ATTENTION), new float[][] {{1, 1}}, "0")).isNaN();
  }

  @Test
  void logit_mlpProbe_isTheReadoutOfWhatTheLayersGive() {
    // ReLU(x0 − x1), ReLU(x1 − x0): their sum is |x0 − x1|.
    Mlp mlp = new Mlp(List.of(new Mlp.Layer(new float[] {1, -1, -1, 1}, new float[2])));
    LinearProbe sum =
        new LinearProbe(
            "p",
            new HookPoint("h"),
            Pooling.MEAN,
            new float[] {1, 1},
            0.25f,
            new Calibration.None(),
            null,
            "yes",
            "no");
    MlpProbe probe = new MlpProbe(mlp, sum);
    assertThat(ReferenceProbe.logit(probe, new float[] {2, 5})).isEqualTo(3.25);
    float[][] x = {{2, 5}, {5, 2}, {7, 7}, {Float.NaN, 1}};
    assertThat(ReferenceProbe.logit(probe, x, new boolean[] {true, true, true, false}))
        .isEqualTo(2.25);
    assertThat(
            logit(
                probe(mlp, AttentionProbe.Rule.MULTIMAX, 1, new float[0], new float[] {1, 1}, 0),
                x,
                "1110"))
        .isEqualTo(3);
  }

  @Test
  void constructor_widthsThatDoNotFit_areRefused() {
    Mlp.Layer twoToThree = new Mlp.Layer(new float[6], new float[3]);
    assertThatThrownBy(() -> new Mlp(List.of(twoToThree, twoToThree)))
        .hasMessage("mlp[1]: expected a layer of the width 3 that the one before gives, found 2");
    Mlp mlp = new Mlp(List.of(twoToThree));
    assertThatThrownBy(
            () -> probe(mlp, AttentionProbe.Rule.MULTIMAX, 1, new float[0], new float[] {1, 1}, 0))
        .hasMessage("value: expected the width 3 that the MLP gives, found 2");
    assertThatThrownBy(
            () ->
                probe(null, AttentionProbe.Rule.ATTENTION, 1, new float[1], new float[] {1, 1}, 0))
        .hasMessage("query: expected as many values as value has, 2, found 1");
  }

  private static double logit(AttentionProbe probe, float[][] x, String mask) {
    boolean[] real = new boolean[mask.length()];
    for (int token = 0; token < real.length; token++) {
      real[token] = mask.charAt(token) == '1';
    }
    return ReferenceProbe.logit(probe, x, real);
  }

  private static AttentionProbe oneHead(AttentionProbe.Rule rule) {
    return probe(null, rule, 1, new float[] {1, 0}, new float[] {0, 1}, 0);
  }

  private static AttentionProbe probe(
      @Nullable Mlp mlp,
      AttentionProbe.Rule rule,
      int heads,
      float[] query,
      float[] value,
      float bias) {
    return new AttentionProbe(
        "p",
        new HookPoint("h"),
        mlp,
        rule,
        heads,
        query,
        value,
        bias,
        new Calibration.None(),
        null,
        "yes",
        "no");
  }
}
