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
import java.util.function.ToDoubleFunction;
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
 * @param order by k, the order of the held-out texts; empty for a mean
 */
public record SparseProbing(
    Map<Integer, Interval> auroc, int best, Interval all, Map<Integer, Auroc> order) {
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
    int[] best = best(ProbeLearner.differenceOfMeans(train, trainLabels).weight());
    Map<Integer, Auroc> order = new TreeMap<>();
    for (int k : SIZES) {
      if (k <= best.length) {
        order.put(k, order(only(train, best, k), trainLabels, only(test, best, k), testLabels));
      }
    }
    Interval all =
        withAll ? interval(order(train, trainLabels, test, testLabels), bootstrap) : NONE;
    return of(order, best[0], all, bootstrap);
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
    int[] best = best(train.differenceOfMeans(trainLabels));
    Map<Integer, Auroc> order = new TreeMap<>();
    for (int k : SIZES) {
      if (k <= best.length) {
        order.put(k, order(only(train, best, k), trainLabels, only(test, best, k), testLabels));
      }
    }
    return of(order, best[0], NONE, bootstrap);
  }

  private static SparseProbing of(
      Map<Integer, Auroc> order, int best, Interval all, @Nullable GroupBootstrap bootstrap) {
    Map<Integer, Interval> auroc = new TreeMap<>();
    order.forEach((k, each) -> auroc.put(k, interval(each, bootstrap)));
    return new SparseProbing(auroc, best, all, order);
  }

  /**
   * By k, by how much the mean AUROC of some exceeds that of others on the same held-out texts,
   * with an interval of paired resamples.
   *
   * @param bootstrap of the held-out texts
   */
  static Map<Integer, Interval> above(
      List<SparseProbing> some, List<SparseProbing> others, GroupBootstrap bootstrap) {
    Map<Integer, Interval> above = new TreeMap<>();
    for (int k : some.get(0).order.keySet()) {
      ToDoubleFunction<int[]> ours = mean(some, k);
      ToDoubleFunction<int[]> theirs = mean(others, k);
      above.put(
          k, bootstrap.interval(times -> ours.applyAsDouble(times) - theirs.applyAsDouble(times)));
    }
    return above;
  }

  private static ToDoubleFunction<int[]> mean(List<SparseProbing> all, int k) {
    List<Auroc> orders = all.stream().map(each -> each.order.get(k)).toList();
    return times -> {
      double sum = 0;
      for (Auroc order : orders) {
        sum += order.weighted(times);
      }
      return sum / orders.size();
    };
  }

  private static int[] best(double[] difference) {
    return IntStream.range(0, difference.length)
        .boxed()
        .sorted(Comparator.comparingDouble(f -> -Math.abs(difference[f])))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private static Auroc order(
      float[][] train, boolean[] trainLabels, float[][] test, boolean[] testLabels) {
    LinearModel model = new ProbeLearner(train, trainLabels).fit(1);
    return new Auroc(model.logits(test), testLabels);
  }

  private static Interval interval(Auroc order, @Nullable GroupBootstrap bootstrap) {
    return bootstrap == null
        ? new Interval(order.value(), Double.NaN, Double.NaN)
        : bootstrap.interval(order::weighted);
  }

  /** The mean of several, and of their intervals' ends; what is best is the first one's. */
  static SparseProbing mean(List<SparseProbing> all) {
    Map<Integer, Interval> auroc = new TreeMap<>();
    for (int k : all.get(0).auroc.keySet()) {
      auroc.put(k, meanInterval(all.stream().map(each -> at(each.auroc, k)).toList()));
    }
    return new SparseProbing(
        auroc,
        all.get(0).best,
        meanInterval(all.stream().map(SparseProbing::all).toList()),
        Map.of());
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
