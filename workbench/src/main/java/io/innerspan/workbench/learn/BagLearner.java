package io.innerspan.workbench.learn;

import io.innerspan.signals.AttentionProbe;
import java.util.Random;

/**
 * Learns MLP and attention probes on bags of standardised tokens by Adam on the logistic loss plus
 * ½ · strength · ‖weights‖². The same bags, labels and seed give the same weights.
 */
public final class BagLearner {
  /** The hidden units of an MLP probe. */
  public static final int HIDDEN = 16;

  /** The heads of an attention probe. */
  public static final int HEADS = 4;

  /** The tokens of a window of rolling attention (arXiv 2601.11516). */
  public static final int WINDOW = 10;

  private static final int BATCH = 32;
  private static final int EPOCHS = 40;
  private static final int FEWEST_STEPS = 800;
  private static final int MOST_STEPS = 4000;

  /** Bounds the work where texts are long. */
  private static final double MOST_TOKENS = 1 << 20;

  private static final double RATE = 5e-3;
  private static final double WARM_UP = 0.05;

  private final TokenBags bags;
  private final boolean[] positive;
  private final float[] weight;
  private final Standardizer standardizer;
  private final int mostTokens;

  /**
   * @param positive by text; both labels occur
   * @param balanced whether both labels' texts weigh the same in sum
   */
  public BagLearner(TokenBags bags, boolean[] positive, boolean balanced) {
    this.bags = bags;
    this.positive = positive.clone();
    standardizer = new Standardizer(bags);
    mostTokens = bags.mostTokens();
    weight = new float[positive.length];
    int positives = 0;
    for (boolean each : positive) {
      positives += each ? 1 : 0;
    }
    for (int i = 0; i < weight.length; i++) {
      int alike = positive[i] ? positives : positive.length - positives;
      weight[i] = balanced ? positive.length / (2f * alike) : 1;
    }
  }

  /**
   * Learns.
   *
   * @param learner one that is not linear
   */
  public ProbeModel fit(Learner learner, double strength, long seed) {
    Random random = new Random(seed);
    BagNetwork network =
        learner == Learner.MLP
            ? new MlpNetwork(bags.width(), mostTokens, HIDDEN, random)
            : new AttentionNetwork(rule(learner), bags.width(), mostTokens, HEADS, random);
    descend(network, strength, random);
    return network.unfolded(standardizer);
  }

  private static AttentionProbe.Rule rule(Learner learner) {
    return switch (learner) {
      case MULTIMAX -> AttentionProbe.Rule.MULTIMAX;
      case ROLLING_ATTENTION -> AttentionProbe.Rule.rolling(WINDOW);
      default -> AttentionProbe.Rule.ATTENTION;
    };
  }

  private void descend(BagNetwork network, double strength, Random random) {
    Adam adam = new Adam(network.parameters);
    float[] tokens = new float[mostTokens * bags.width()];
    int[] order = new int[0];
    int next = 0;
    int steps = steps();
    for (int step = 1; step <= steps; step++) {
      for (int i = 0; i < BATCH; i++) {
        if (next == order.length) {
          order = shuffled(random);
          next = 0;
        }
        learn(network, order[next++], tokens);
      }
      for (int p = 0; p < network.weights(); p++) {
        network.gradient[p] += (float) strength * network.parameters[p];
      }
      double warm = step / Math.max(1, WARM_UP * steps);
      double rest = (steps - step + 1) / (double) steps;
      adam.step(network.gradient, RATE * Math.min(warm, rest));
    }
  }

  private void learn(BagNetwork network, int text, float[] tokens) {
    int count = bags.tokens(text);
    bags.copy(text, tokens);
    standardizer.apply(tokens, count);
    float logit = network.forward(tokens, count);
    float miss = (float) (1 / (1 + Math.exp(-logit))) - (positive[text] ? 1 : 0);
    network.backward(tokens, count, weight[text] * miss / BATCH);
  }

  private int steps() {
    double tokens = 0;
    for (int i = 0; i < bags.count(); i++) {
      tokens += bags.tokens(i);
    }
    double perStep = BATCH * tokens / bags.count();
    double wanted = Math.min(MOST_STEPS, (double) EPOCHS * bags.count() / BATCH);
    return (int) Math.max(FEWEST_STEPS, Math.min(wanted, MOST_TOKENS / perStep));
  }

  private int[] shuffled(Random random) {
    int[] order = new int[bags.count()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }
}
