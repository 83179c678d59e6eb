package io.innerspan.workbench.sae;

import io.innerspan.workbench.learn.LinearModel;
import io.innerspan.workbench.learn.ProbeLearner;
import io.innerspan.workbench.stats.Auroc;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * k-sparse probing: how well a label is told by k features alone. They are the k whose means differ
 * most between the labels on training texts (as in SAEBench); a logistic regression on them is
 * judged by its AUROC on texts that are held out.
 *
 * @param auroc by k
 * @param best the index of the feature that k = 1 chose
 * @param all the AUROC of a logistic regression on all, or NaN when it was not asked for
 */
public record SparseProbing(Map<Integer, Double> auroc, int best, double all) {
  private static final int[] SIZES = {1, 2, 5};

  /**
   * Probes.
   *
   * @param train pooled features of training texts, {@code [n][features]}
   * @param test those of held-out texts
   * @param withAll whether to learn from all features too
   */
  public static SparseProbing of(
      float[][] train,
      boolean[] trainLabels,
      float[][] test,
      boolean[] testLabels,
      boolean withAll) {
    double[] difference = ProbeLearner.differenceOfMeans(train, trainLabels).weight();
    int[] order =
        IntStream.range(0, difference.length)
            .boxed()
            .sorted(Comparator.comparingDouble(f -> -Math.abs(difference[f])))
            .mapToInt(Integer::intValue)
            .toArray();
    Map<Integer, Double> auroc = new TreeMap<>();
    for (int k : SIZES) {
      if (k <= order.length) {
        auroc.put(k, auroc(only(train, order, k), trainLabels, only(test, order, k), testLabels));
      }
    }
    double all = withAll ? auroc(train, trainLabels, test, testLabels) : Double.NaN;
    return new SparseProbing(auroc, order[0], all);
  }

  private static double auroc(
      float[][] train, boolean[] trainLabels, float[][] test, boolean[] testLabels) {
    LinearModel model = new ProbeLearner(train, trainLabels).fit(1);
    return Auroc.of(model.logits(test), testLabels);
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
}
