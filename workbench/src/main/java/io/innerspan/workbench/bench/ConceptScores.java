package io.innerspan.workbench.bench;

import io.innerspan.workbench.learn.LinearModel;
import io.innerspan.workbench.learn.ProbeLearner;
import io.innerspan.workbench.learn.TextBaselines;
import io.innerspan.workbench.learn.TextScorer;
import io.innerspan.workbench.sae.FeatureColumns;
import io.innerspan.workbench.stats.Auroc;
import io.innerspan.workbench.stats.GroupBootstrap;
import io.innerspan.workbench.stats.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The AUROC of each detector of one concept, learnt on one half and tested on the other. */
final class ConceptScores {
  private static final double STRENGTH = 1e-2;
  private static final double WORDS_STRENGTH = 10;

  /** One direction drawn may lie far from what directions do. */
  private static final int DRAWS = 5;

  private final Corpus corpus;
  private final int[] train;
  private final int[] test;
  private final float[][] trainRows;
  private final float[][] testRows;
  private final long seed;

  ConceptScores(Corpus corpus, float[][] pooled, long seed) {
    this.corpus = corpus;
    this.seed = seed;
    train = corpus.rows(false);
    test = corpus.rows(true);
    trainRows = at(pooled, train);
    testRows = at(pooled, test);
  }

  static float[][] at(float[][] rows, int[] chosen) {
    return Arrays.stream(chosen).mapToObj(row -> rows[row]).toArray(float[][]::new);
  }

  static void add(Map<Detector, List<Double>> to, Detector detector, double auroc) {
    to.computeIfAbsent(detector, any -> new ArrayList<>()).add(auroc);
  }

  /** The mean over concepts, with an interval that resamples them. */
  static Interval mean(List<String> concepts, List<Double> values, long seed) {
    if (concepts.size() == 1) {
      return new Interval(values.get(0), Double.NaN, Double.NaN);
    }
    return new GroupBootstrap(concepts, seed)
        .interval(
            times -> {
              double sum = 0;
              double count = 0;
              for (int i = 0; i < times.length; i++) {
                sum += times[i] * values.get(i);
                count += times[i];
              }
              return sum / count;
            });
  }

  Map<Detector, Double> of(String concept) {
    boolean[] learnt = corpus.has(concept, train);
    Map<Detector, Double> scores = new EnumMap<>(Detector.class);
    LinearModel probe = new ProbeLearner(trainRows, learnt).fit(STRENGTH);
    scores.put(Detector.PROBE, auroc(probe, concept));
    scores.put(
        Detector.DIFFERENCE_OF_MEANS,
        auroc(ProbeLearner.differenceOfMeans(trainRows, learnt), concept));
    scores.put(Detector.BAG_OF_WORDS, words(concept, learnt));
    scores.put(
        Detector.PCA, auroc(turned(PrincipalDirection.of(trainRows, learnt), learnt), concept));
    double directions = 0;
    double lots = 0;
    for (int draw = 0; draw < DRAWS; draw++) {
      Random random = new Random(seed + draw);
      double[] direction = random.doubles(trainRows[0].length, -1, 1).toArray();
      directions += auroc(turned(new LinearModel(direction, 0), learnt), concept) / DRAWS;
      boolean[] shuffled = shuffled(learnt, random);
      lots += auroc(new ProbeLearner(trainRows, shuffled).fit(STRENGTH), concept) / DRAWS;
    }
    scores.put(Detector.RANDOM_DIRECTION, directions);
    scores.put(Detector.LABEL_SHUFFLED, lots);
    return scores;
  }

  /** The feature with the greatest AUROC on the training half, on the tested one. */
  double feature(FeatureColumns learntFrom, FeatureColumns testedOn, String concept) {
    boolean[] learnt = corpus.has(concept, train);
    int best = 0;
    double greatest = -1;
    for (int f = 0; f < learntFrom.features(); f++) {
      double auroc = Auroc.of(column(learntFrom, f), learnt);
      if (auroc > greatest) {
        greatest = auroc;
        best = f;
      }
    }
    return Auroc.of(column(testedOn, best), corpus.has(concept, test));
  }

  private static double[] column(FeatureColumns columns, int feature) {
    float[] column = columns.column(feature);
    double[] wide = new double[column.length];
    for (int i = 0; i < wide.length; i++) {
      wide[i] = column[i];
    }
    return wide;
  }

  private double words(String concept, boolean[] learnt) {
    List<String> texts = Arrays.stream(train).mapToObj(corpus.texts()::get).toList();
    TextScorer scorer = TextBaselines.tfIdf(texts, learnt, new double[] {WORDS_STRENGTH}).get(0);
    double[] scores =
        Arrays.stream(test).mapToDouble(row -> scorer.logit(corpus.texts().get(row))).toArray();
    return Auroc.of(scores, corpus.has(concept, test));
  }

  private double auroc(LinearModel model, String concept) {
    return Auroc.of(model.logits(testRows), corpus.has(concept, test));
  }

  /** Towards the concept, as the training half has it. */
  private LinearModel turned(LinearModel model, boolean[] learnt) {
    boolean right = Auroc.of(model.logits(trainRows), learnt) >= 0.5;
    return right
        ? model
        : new LinearModel(Arrays.stream(model.weight()).map(value -> -value).toArray(), 0);
  }

  private static boolean[] shuffled(boolean[] labels, Random random) {
    boolean[] shuffled = labels.clone();
    for (int i = shuffled.length - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      boolean kept = shuffled[i];
      shuffled[i] = shuffled[j];
      shuffled[j] = kept;
    }
    return shuffled;
  }
}
