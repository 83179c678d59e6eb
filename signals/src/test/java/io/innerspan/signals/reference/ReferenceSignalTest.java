package io.innerspan.signals.reference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.ActivationSummary.Statistic;
import io.innerspan.signals.AttentionProbe;
import io.innerspan.signals.Calibration;
import io.innerspan.signals.FeatureDictionary;
import io.innerspan.signals.Floats;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Mlp;
import io.innerspan.signals.MlpProbe;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.PopulationDistance;
import io.innerspan.signals.Sae.Normalization;
import io.innerspan.signals.SaeFeatures;
import io.innerspan.signals.Signal;
import io.innerspan.signals.SmallSae;
import io.innerspan.signals.TokenSelection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every signal that pools tokens. */
class ReferenceSignalTest {
  private static final HookPoint HERE = new HookPoint("h");
  private static final long BOS = 0;
  private static final long SEP = 102;
  private static final TokenSelection WORDS = TokenSelection.excluding(BOS, SEP);
  private static final int WIDTH = 3;

  static List<Signal> signals() {
    Mlp mlp = new Mlp(List.of(new Mlp.Layer(new float[] {1, -1, 2, 0, 1, 1}, new float[] {1, 0})));
    List<Signal> signals = new ArrayList<>();
    for (Pooling pooling : poolings()) {
      signals.add(linear(pooling.kind().label(), pooling, 1, -2, .5f));
      signals.add(new MlpProbe(mlp, linear("mlp_" + pooling.kind().label(), pooling, 2, -1)));
    }
    for (AttentionProbe.Rule rule :
        List.of(
            AttentionProbe.Rule.ATTENTION,
            AttentionProbe.Rule.MULTIMAX,
            AttentionProbe.Rule.rolling(2))) {
      signals.add(attention(rule));
    }
    signals.add(
        new ActivationSummary("summary", HERE, HERE, WORDS, EnumSet.allOf(Statistic.class)));
    for (Pooling pooling : List.of(Pooling.MEAN, Pooling.CLS, Pooling.LAST)) {
      signals.add(
          new PopulationDistance(
              "distance",
              HERE,
              WORDS,
              pooling,
              Floats.of("mean", new float[] {1, 2, 3}),
              Floats.of("components", new float[] {0, 1, 0}),
              Floats.of("variances", new float[] {3}),
              .5));
    }
    for (SaeFeatures.Scope scope : SaeFeatures.Scope.values()) {
      signals.add(
          new SaeFeatures(
              scope.label(),
              HERE,
              WORDS,
              SmallSae.of(SmallSae.GATED, Normalization.LAYER_NORM, true),
              scope,
              2,
              List.of(),
              FeatureDictionary.NONE));
    }
    return signals;
  }

  /** Words of a row with BOS, SEP and padding between them have the values of the words alone. */
  @ParameterizedTest
  @MethodSource("signals")
  void values_paddingAndExcludedIds_leaveTheWords(Signal signal) {
    Random random = new Random(7);
    for (int round = 0; round < 50; round++) {
      int words = 1 + random.nextInt(4);
      float[][] bare = new float[words][];
      float[][] full = new float[words + 4][];
      long[] ids = new long[full.length];
      long[] mask = new long[full.length];
      Arrays.setAll(full, token -> gaussians(random));
      boolean left = random.nextBoolean();
      int first = left ? 2 : 0;
      mask[first] = 1;
      ids[first] = BOS;
      for (int word = 0; word < words; word++) {
        int token = first + 1 + word;
        mask[token] = 1;
        ids[token] = 1000 + word;
        bare[word] = full[token];
      }
      mask[first + 1 + words] = 1;
      ids[first + 1 + words] = SEP;
      Arrays.fill(full[left ? 0 : words + 2], Float.NaN);
      Arrays.fill(full[left ? 1 : words + 3], Float.NaN);
      double[] expected =
          ReferenceSignal.values(signal, RowInputs.of().ids(other(words)).activation(HERE, bare));
      double[] actual =
          ReferenceSignal.values(signal, RowInputs.of().mask(mask).ids(ids).activation(HERE, full));
      shiftPlaces(signal, expected, first + 1);
      assertThat(actual).containsExactly(expected, within(1e-12));
    }
  }

  @ParameterizedTest
  @MethodSource("signals")
  void values_nothingButSpecialTokens_areAbsent(Signal signal) {
    RowInputs row =
        RowInputs.of()
            .mask(new long[] {1, 1, 0})
            .ids(new long[] {BOS, SEP, 5})
            .activation(HERE, new float[][] {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}});
    assertThat(ReferenceSignal.values(signal, row))
        .hasSize(signal.columnNames().size())
        .containsOnly(Double.NaN);
  }

  @Test
  void values_whatWasNotGiven_isNamed() {
    Signal signal = linear("p", Pooling.MEAN, 1, 1, 1);
    assertThatThrownBy(() -> ReferenceSignal.values(signal, RowInputs.of()))
        .hasMessage("row: expected activation at h, found none");
    assertThatThrownBy(
            () ->
                ReferenceSignal.values(
                    signal, RowInputs.of().activation(HERE, new float[][] {{1, 1, 1}})))
        .hasMessage("ids: expected 1 tokens, found none");
  }

  /** Where a feature lies is told by its place in the row. */
  private static void shiftPlaces(Signal signal, double[] values, int by) {
    if (signal instanceof SaeFeatures features && features.scope() == SaeFeatures.Scope.TOKENS) {
      for (int rank = 0; rank < features.top(); rank++) {
        values[features.token(rank)] += by;
      }
    }
  }

  private static List<Pooling> poolings() {
    List<Pooling> poolings = new ArrayList<>(Pooling.PLAIN);
    poolings.add(Pooling.topKMean(2));
    poolings.add(Pooling.rollingMax(2));
    poolings.add(Pooling.softmax(.7));
    poolings.add(Pooling.ema(.5));
    return poolings;
  }

  private static LinearProbe linear(String id, Pooling pooling, float... weight) {
    return new LinearProbe(
        id,
        HERE,
        WORDS,
        pooling,
        Floats.of("weight", weight),
        .25f,
        new Calibration.None(),
        null,
        "yes",
        "no");
  }

  private static AttentionProbe attention(AttentionProbe.Rule rule) {
    Floats weights = Floats.of("weights", new float[] {1, 0, -1, .5f, 2, 0});
    boolean multimax = rule.kind() == AttentionProbe.Rule.Kind.MULTIMAX;
    return new AttentionProbe(
        rule.kind().label(),
        HERE,
        WORDS,
        null,
        rule,
        2,
        multimax ? Floats.none() : weights,
        weights,
        .25f,
        new Calibration.None(),
        null,
        "yes",
        "no");
  }

  private static long[] other(int words) {
    long[] ids = new long[words];
    Arrays.fill(ids, 9);
    return ids;
  }

  private static float[] gaussians(Random random) {
    float[] values = new float[WIDTH];
    for (int i = 0; i < WIDTH; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }
}
