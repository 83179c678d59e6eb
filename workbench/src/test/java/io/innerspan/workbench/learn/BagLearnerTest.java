package io.innerspan.workbench.learn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.innerspan.signals.AttentionProbe.Rule;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Probe;
import io.innerspan.signals.reference.ReferenceProbe;
import io.innerspan.workbench.stats.Auroc;
import java.util.Arrays;
import java.util.Collections;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BagLearnerTest {
  private static final int WIDTH = 12;
  private static final HookPoint PLACE = new HookPoint("blocks.0.hook_resid_post");

  @ParameterizedTest
  @EnumSource(names = {"MLP", "ATTENTION", "MULTIMAX", "ROLLING_ATTENTION"})
  void backward_eachParameter_isTheSlopeOfFiniteDifferences(Learner learner) {
    int tokens = 5;
    Random random = new Random(3);
    BagNetwork network = network(learner, tokens, 4, 2, random);
    network.draw(random, 0, network.parameters.length, 0.5);
    float[] x = new float[tokens * WIDTH];
    for (int i = 0; i < x.length; i++) {
      x[i] = (float) random.nextGaussian();
    }
    network.forward(x, tokens);
    network.backward(x, tokens, 2);

    for (int p = 0; p < network.parameters.length; p++) {
      float kept = network.parameters[p];
      network.parameters[p] = kept + 0.01f;
      double above = network.forward(x, tokens);
      network.parameters[p] = kept - 0.01f;
      double below = network.forward(x, tokens);
      network.parameters[p] = kept;
      assertThat((double) network.gradient[p])
          .as("parameter %d", p)
          .isCloseTo(2 * (above - below) / 0.02, within(0.02));
    }
  }

  @Test
  void fit_exclusiveOr_theMlpFindsWhatNoDirectionFinds() {
    Random random = new Random(1);
    float[][] rows = new float[600][];
    boolean[] positive = new boolean[rows.length];
    for (int i = 0; i < rows.length; i++) {
      boolean a = i % 2 == 0;
      boolean b = i / 2 % 2 == 0;
      rows[i] = noise(random, 0.3);
      rows[i][2] += a ? 1 : -1;
      rows[i][7] += b ? 1 : -1;
      positive[i] = a != b;
    }

    double linear =
        auroc(new ProbeLearner(head(rows, 400), head(positive, 400)).fit(0.1), rows, positive);
    double mlp = auroc(Learner.MLP, rows, positive);

    assertThat(linear).isBetween(0.35, 0.65);
    assertThat(mlp).isGreaterThan(0.99);
  }

  /** Of one token, known by a mark, the side counts; the others have sides as well. */
  @ParameterizedTest
  @EnumSource(names = {"ATTENTION", "MULTIMAX", "ROLLING_ATTENTION"})
  void fit_oneTokenCounts_headsFindWhatTheMeanHides(Learner learner) {
    Random random = new Random(1);
    int texts = 600;
    float[][][] tokens = new float[texts][][];
    boolean[] positive = new boolean[texts];
    for (int i = 0; i < texts; i++) {
      positive[i] = i % 2 == 0;
      tokens[i] = new float[9][];
      int sum = positive[i] ? 1 : -1;
      for (int t = 0; t < 9; t++) {
        tokens[i][t] = noise(random, 0.1);
        // Of the other eight four lie on each side: the mean tells next to nothing.
        tokens[i][t][3] += t == 0 ? 3 * sum : t % 2 == 0 ? 3 : -3;
      }
      tokens[i][0][5] += 4;
      Collections.shuffle(Arrays.asList(tokens[i]), random);
    }
    double attention = auroc(learner, bags(tokens), positive, tokens, null);

    assertThat(attention).isGreaterThan(0.99);
  }

  @ParameterizedTest
  @EnumSource(names = {"MLP", "ATTENTION", "MULTIMAX", "ROLLING_ATTENTION"})
  void fit_theSameSeed_givesTheSameProbe_andAnotherSeedAnother(Learner learner) {
    Random random = new Random(5);
    float[][] rows = new float[80][];
    boolean[] positive = new boolean[rows.length];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = noise(random, 1);
      positive[i] = rows[i][0] > 0;
    }
    BagLearner once = new BagLearner(TokenBags.ofRows(rows), positive, true);
    BagLearner again = new BagLearner(TokenBags.ofRows(rows), positive, true);

    assertThat(probe(again.fit(learner, 1e-3, 7))).isEqualTo(probe(once.fit(learner, 1e-3, 7)));
    assertThat(probe(once.fit(learner, 1e-3, 8))).isNotEqualTo(probe(once.fit(learner, 1e-3, 7)));
  }

  /** Standardised activations with shifted and scaled raw ones give the same logit. */
  @ParameterizedTest
  @EnumSource(names = {"MLP", "ATTENTION", "MULTIMAX", "ROLLING_ATTENTION"})
  void unfolded_rawTokens_giveTheLogitOfStandardisedOnes(Learner learner) {
    Random random = new Random(9);
    float[][][] tokens = new float[40][6][];
    for (float[][] text : tokens) {
      for (int t = 0; t < text.length; t++) {
        text[t] = noise(random, 0.2);
        for (int d = 0; d < WIDTH; d++) {
          text[t][d] = text[t][d] * (d + 1) + 0.3f * d;
        }
      }
    }
    TokenBags bags = bags(tokens);
    Standardizer standardizer = new Standardizer(bags);
    BagNetwork network = network(learner, 6, 5, 3, random);
    network.draw(random, 0, network.parameters.length, 0.5);
    Probe probe = probe(network.unfolded(standardizer));
    float[] x = new float[6 * WIDTH];
    for (int i = 0; i < tokens.length; i++) {
      bags.copy(i, x);
      standardizer.apply(x, 6);
      boolean[] real = {true, true, true, true, true, true};
      double expected = network.forward(x, 6);
      assertThat(ReferenceProbe.logit(probe, tokens[i], real))
          .isCloseTo(expected, within(1e-4 * Math.max(1, Math.abs(expected))));
    }
  }

  private static BagNetwork network(
      Learner learner, int tokens, int hidden, int heads, Random random) {
    return switch (learner) {
      case MLP -> new MlpNetwork(WIDTH, tokens, hidden, random);
      case MULTIMAX -> new AttentionNetwork(Rule.MULTIMAX, WIDTH, tokens, heads, random);
      case ROLLING_ATTENTION -> new AttentionNetwork(Rule.rolling(3), WIDTH, tokens, heads, random);
      default -> new AttentionNetwork(Rule.ATTENTION, WIDTH, tokens, heads, random);
    };
  }

  private static Probe probe(ProbeModel model) {
    return model.probe("any", PLACE, Pooling.MEAN, "yes", "no");
  }

  private static double auroc(Learner learner, float[][] rows, boolean[] positive) {
    float[][][] tokens =
        Arrays.stream(rows).map(row -> new float[][] {row}).toArray(float[][][]::new);
    return auroc(learner, TokenBags.ofRows(rows), positive, tokens, Pooling.MEAN);
  }

  /** Learnt on the first 400 texts, told of the others. */
  private static double auroc(
      Learner learner, TokenBags bags, boolean[] positive, float[][][] tokens, Pooling pooling) {
    int[] learnt = IntStream.range(0, 400).toArray();
    Probe probe =
        new BagLearner(bags.only(learnt), head(positive, 400), false)
            .fit(learner, 1e-3, 1)
            .probe("any", PLACE, pooling, "yes", "no");
    double[] logits = new double[positive.length - 400];
    for (int i = 0; i < logits.length; i++) {
      boolean[] real = new boolean[tokens[400 + i].length];
      Arrays.fill(real, true);
      logits[i] = ReferenceProbe.logit(probe, tokens[400 + i], real);
    }
    return Auroc.of(logits, Arrays.copyOfRange(positive, 400, positive.length));
  }

  private static double auroc(LinearModel model, float[][] rows, boolean[] positive) {
    return Auroc.of(
        model.logits(Arrays.copyOfRange(rows, 400, rows.length)),
        Arrays.copyOfRange(positive, 400, positive.length));
  }

  private static float[][] head(float[][] rows, int count) {
    return Arrays.copyOf(rows, count);
  }

  private static boolean[] head(boolean[] values, int count) {
    return Arrays.copyOf(values, count);
  }

  private static float[] noise(Random random, double deviation) {
    float[] row = new float[WIDTH];
    for (int d = 0; d < WIDTH; d++) {
      row[d] = (float) (random.nextGaussian() * deviation);
    }
    return row;
  }

  private static TokenBags bags(float[][][] tokens) {
    return new TokenBags() {
      @Override
      public int count() {
        return tokens.length;
      }

      @Override
      public int width() {
        return WIDTH;
      }

      @Override
      public int tokens(int text) {
        return tokens[text].length;
      }

      @Override
      public void copy(int text, float[] to) {
        for (int t = 0; t < tokens[text].length; t++) {
          System.arraycopy(tokens[text][t], 0, to, t * WIDTH, WIDTH);
        }
      }
    };
  }
}
