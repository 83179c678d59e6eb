package io.innerspan.workbench.evaluate;

import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Pooling;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.learn.ProbeLearner;
import io.innerspan.workbench.model.TextModel;
import io.innerspan.workbench.model.TextTokenizer;
import io.innerspan.workbench.model.TokenIds;
import io.innerspan.workbench.stats.Auroc;
import io.innerspan.workbench.train.PooledActivations;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How well a logistic probe does that is learnt at each layer as the baselines are: where in the
 * model what is looked for can be read.
 */
final class LayerCurve {
  /** The middle of the strengths that training chooses from. */
  private static final double STRENGTH = 1e-2;

  /** Of the heap, what pooled activations of several layers may take at once. */
  private static final int SHARE = 8;

  private final TextModel model;
  private final TextTokenizer tokenizer;
  private final Pooling pooling;
  private final Progress progress;

  /**
   * A layer's probe.
   *
   * @param hookPoint where it reads
   * @param auroc on the tested rows
   * @param accuracy the mean of the shares of positive and of other rows that it calls so, at logit
   *     0
   */
  record Layer(String hookPoint, double auroc, double accuracy) {}

  LayerCurve(TextModel model, TextTokenizer tokenizer, Pooling pooling, Progress progress) {
    this.model = model;
    this.tokenizer = tokenizer;
    this.pooling = pooling;
    this.progress = progress;
  }

  List<Layer> of(@Nullable Sample train, Sample test, long seed) throws IOException {
    List<HookPoint> places = model.layerOutputs();
    long rows = test.size() + (train == null ? 0L : train.size());
    long perLayer = Math.max(1, rows * test.pooled()[0].length * Float.BYTES);
    int atOnce = (int) Math.max(1, Runtime.getRuntime().maxMemory() / SHARE / perLayer);
    List<Layer> layers = new ArrayList<>();
    for (int from = 0; from < places.size(); from += atOnce) {
      List<HookPoint> some = places.subList(from, Math.min(places.size(), from + atOnce));
      List<float[][]> tested = pooled(test, some, "tested texts at " + some.size() + " layers");
      List<float[][]> trained =
          train == null
              ? List.of()
              : pooled(train, some, "training texts at " + some.size() + " layers");
      for (int h = 0; h < some.size(); h++) {
        Sample here = test.with(tested.get(h));
        Learning learning =
            train == null
                ? Learning.crosswise(here, seed)
                : Learning.from(train.with(trained.get(h)), here, seed);
        double[] logits = learning.scores(LayerCurve::logistic);
        layers.add(
            new Layer(
                some.get(h).name(),
                Auroc.of(learning.comparable(logits), test.positive()),
                accuracy(logits, test.positive())));
      }
    }
    return layers;
  }

  static double[] logistic(Sample train, Sample test, long seed) {
    return new ProbeLearner(train.pooled(), train.positive()).fit(STRENGTH).logits(test.pooled());
  }

  private List<float[][]> pooled(Sample sample, List<HookPoint> places, String what)
      throws IOException {
    List<TokenIds> tokens = sample.texts().stream().map(tokenizer::encode).toList();
    List<float[][]> pooled = new ArrayList<>();
    places.forEach(place -> pooled.add(new float[sample.size()][]));
    model.visit(
        tokens,
        places,
        progress.count(what, sample.size()),
        (text, activations) -> {
          for (int h = 0; h < pooled.size(); h++) {
            pooled.get(h)[text] = PooledActivations.pool(pooling, activations.get(h));
          }
        });
    return pooled;
  }

  private static double accuracy(double[] logits, boolean[] positive) {
    int[] rows = new int[2];
    int[] right = new int[2];
    for (int i = 0; i < logits.length; i++) {
      int label = positive[i] ? 1 : 0;
      rows[label]++;
      right[label] += logits[i] >= 0 == positive[i] ? 1 : 0;
    }
    return ((double) right[0] / rows[0] + (double) right[1] / rows[1]) / 2;
  }
}
