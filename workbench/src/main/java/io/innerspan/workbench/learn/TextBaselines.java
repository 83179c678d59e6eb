package io.innerspan.workbench.learn;

import java.util.ArrayList;
import java.util.List;

/** Baselines that see the text only, learnt on the same training part as the probe. */
public final class TextBaselines {
  private static final int FEWEST_TEXTS = 2;
  private static final double LENGTH_C = 1;

  /**
   * TF-IDF of words and word pairs with logistic regression, one scorer per strength.
   *
   * @param strengths the weights of the loss against ½‖w‖²
   */
  public static List<TextScorer> tfIdf(List<String> texts, boolean[] positive, double[] strengths) {
    TfIdf tfIdf = new TfIdf(texts, FEWEST_TEXTS);
    List<SparseRow> rows = texts.stream().map(tfIdf::row).toList();
    LogisticRegression regression = LogisticRegression.sparse(rows, tfIdf.features(), positive);
    List<TextScorer> scorers = new ArrayList<>();
    for (double c : strengths) {
      LinearModel model = regression.fit(c);
      scorers.add(text -> tfIdf.row(text).dot(model.weight()) + model.bias());
    }
    return scorers;
  }

  /** Logistic regression on the logarithms of the numbers of characters and words. */
  public static TextScorer length(List<String> texts, boolean[] positive) {
    float[][] rows = texts.stream().map(TextBaselines::lengths).toArray(float[][]::new);
    LinearModel model = new ProbeLearner(rows, positive).fit(LENGTH_C);
    return text -> model.logit(lengths(text));
  }

  private static float[] lengths(String text) {
    int words = text.strip().split("\\s+").length;
    return new float[] {(float) Math.log1p(text.length()), (float) Math.log1p(words)};
  }

  private TextBaselines() {}
}
