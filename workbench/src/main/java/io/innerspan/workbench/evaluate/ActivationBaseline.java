package io.innerspan.workbench.evaluate;

import io.innerspan.workbench.learn.LinearModel;
import io.innerspan.workbench.learn.ProbeLearner;
import java.util.Random;

/** Baselines that see what the probe sees: the pooled activation at its place. */
enum ActivationBaseline implements Baseline {
  DIFFERENCE_OF_MEANS("difference_of_means", "difference of means") {
    @Override
    LinearModel learnt(Sample train, long seed) {
      return ProbeLearner.differenceOfMeans(train.pooled(), train.positive());
    }
  },
  RANDOM_DIRECTION("random_direction", "random direction") {
    @Override
    LinearModel learnt(Sample train, long seed) {
      Random random = new Random(seed);
      double[] weight = new double[train.pooled()[0].length];
      for (int d = 0; d < weight.length; d++) {
        weight[d] = random.nextGaussian();
      }
      LinearModel raw = ProbeLearner.onStandardised(train.pooled(), new LinearModel(weight, 0));
      return Orientation.of(raw, train);
    }
  },
  LABEL_SHUFFLED("label_shuffled", "probe learnt on shuffled labels") {
    @Override
    LinearModel learnt(Sample train, long seed) {
      boolean[] labels = train.positive();
      Random random = new Random(seed);
      for (int i = labels.length - 1; i > 0; i--) {
        int other = random.nextInt(i + 1);
        boolean label = labels[i];
        labels[i] = labels[other];
        labels[other] = label;
      }
      return new ProbeLearner(train.pooled(), labels).fit(STRENGTH);
    }
  };

  /** The middle of the strengths that training chooses from. */
  private static final double STRENGTH = 1e-2;

  /** One direction drawn may lie far from what directions do. */
  private static final int DRAWS = 5;

  private final String key;
  private final String title;

  ActivationBaseline(String key, String title) {
    this.key = key;
    this.title = title;
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public String title() {
    return title;
  }

  @Override
  public int draws() {
    return this == DIFFERENCE_OF_MEANS ? 1 : DRAWS;
  }

  abstract LinearModel learnt(Sample train, long seed);

  @Override
  public double[] scores(Sample train, Sample test, long seed) {
    return learnt(train, seed).logits(test.pooled());
  }
}
