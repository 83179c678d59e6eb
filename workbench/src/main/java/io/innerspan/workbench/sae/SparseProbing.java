package io.innerspan.workbench.sae;

import io.innerspan.workbench.learn.LinearModel;
import io.innerspan.workbench.learn.ProbeLearner;
import io.innerspan.workbench.stats.Auroc;
import io.innerspan.workbench.stats.GroupBootstrap;
import io.innerspan.workbench.stats.Interval;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * k-sparse probing: how well a label is told by k features alone. They are the k whose means differ
 * most between the labels on training texts (as in SAEBench); a logistic regression on them is
 * judged by its AUROC on texts that are held out.
 *
 * @param auroc by k, with an interval that resamples held-out texts where that was asked for
 * @param best the index of the feature that k = 1 chose
 * @param all the AUROC of a logistic regression on all, or NaN when it was not asked for, with its
 *     interval
 */
public record SparseProbing(Map<Integer, Interval> auroc, int best, Interval all) {
  private static final Interval NONE = new Interval(Double.NaN, Double.NaN, Double.NaN);
  private static final int[] SIZES = {1, 2, 5};

  /**
   * Probes.
   *
   * @param train pooled features of training texts, {@code [n][features]}
   * @param test those of held-out texts
   * @param withAll whether to learn from all features too
   * @param bootstrap of held-out texts, or null for no intervals
   */
  public static SparseProbing of(
      float[][] train,
      boolean[] trainLabels,
      float[][] test,
      boolean[] testLabels,
      boolean withAll,
      @Nullable GroupBootstrap bootstrap) {
    int[] order = order(ProbeLearner.differenceOfMeans(train, trainLabels).weight());
    Map<Integer, Interval> auroc = new TreeMap<>();
    for (int k : SIZES) {
      if (k <= order.length) {
        auroc.put(
            k,
            auroc(only(train, order, k), trainLabels, only(test, order, k), testLabels, bootstrap));
      }
    }
    Interval all = withAll ? auroc(train, trainLabels, test, testLabels, bootstrap) : NONE;
    return new SparseProbing(auroc, order[0], all);
  }

  /**
   * Probes features of which each text has few.
   *
   * @param bootstrap of held-out texts, or null for no intervals
   */
  public static SparseProbing of(
      FeatureColumns train,
      boolean[] trainLabels,
      FeatureColumns test,
      boolean[] testLabels,
      @Nullable GroupBootstrap bootstrap) {
    int[] order = order(train.differenceOfMeans(trainLabels));
    Map<Integer, Interval> auroc = new TreeMap<>();
    for (int k : SIZES) {
      if (k <= order.length) {
        auroc.put(
            k,
            auroc(only(train, order, k), trainLabels, only(test, order, k), testLabels, bootstrap));
      }
    }
    return new SparseProbing(auroc, order[0], NONE);
  }

  private static int[] order(double[] difference) {
    return IntStream.range(0, difference.length)
        .boxed()
        .sorted(Comparator.comparingDouble(f -> -Math.abs(difference[f])))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static Interval auroc(
      float[][] train,
      boolean[] trainLabels,
      float[][] test,
      boolean[] testLabels,
      @Nullable GroupBootstrap bootstrap) {
    LinearModel model = new ProbeLearner(train, trainLabels).fit(1);
    double[] logits = model.logits(test);
    return bootstrap == null
        ? new Interval(Auroc.of(logits, testLabels), Double.NaN, Double.NaN)
        : bootstrap.interval(new Auroc(logits, testLabels)::weighted);
  }

  /** The mean of several, and of their intervals' ends; what is best is the first one's. */
  static SparseProbing mean(List<SparseProbing> all) {
    Map<Integer, Interval> auroc = new TreeMap<>();
    for (int k : all.get(0).auroc.keySet()) {
      auroc.put(k, meanInterval(all.stream().map(each -> at(each.auroc, k)).toList()));
    }
    return new SparseProbing(
        auroc, all.get(0).best, meanInterval(all.stream().map(SparseProbing::all).toList()));
  }

  private static Interval at(Map<Integer, Interval> auroc, int k) {
    return auroc.getOrDefault(k, NONE);
  }

  private static Interval meanInterval(List<Interval> all) {
    double value = 0;
    double low = 0;
    double high = 0;
    for (Interval each : all) {
      value += each.value() / all.size();
      low += each.low() / all.size();
      high += each.high() / all.size();
    }
    return new Interval(value, low, high);
  }

  private static float[][] only(float[][] rows, int[] order, int k) {
    float[][] only = new float[rows.length][k];
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < k; j++) {
        only[i][j] = rows[i][order[j]];
      }
    }
    return only;
  }

  private static float[][] only(FeatureColumns columns, int[] order, int k) {
    float[][] only = new float[columns.texts()][k];
    for (int j = 0; j < k; j++) {
      float[] column = columns.column(order[j]);
      for (int i = 0; i < column.length; i++) {
        only[i][j] = column[i];
      }
    }
    return only;
  }
}
