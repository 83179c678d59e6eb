package io.innerspan.workbench.train;

import io.innerspan.workbench.learn.TextBaselines;
import io.innerspan.workbench.learn.TextScorer;
import io.innerspan.workbench.stats.Auroc;
import java.util.List;

/** The baselines that see the text only, learnt on the rows that the probe is learnt on. */
final class TextMethods {
  private static final double[] TF_IDF_STRENGTHS = {0.1, 1, 10, 100};

  static List<Method> judged(PartData train, PartData validation, Judge judge) {
    PartData both = train.and(validation);
    TextScorer tfIdf = tfIdf(train, validation);
    TextScorer length = TextBaselines.length(both.texts(), both.positive());
    return List.of(
        judge.judge("tf_idf", "TF-IDF + logistic regression", part -> logits(tfIdf, part)),
        judge.judge("length_only", "length only", part -> logits(length, part)));
  }

  /** TF-IDF with the strength that does best on the validation part, then learnt on both parts. */
  private static TextScorer tfIdf(PartData train, PartData validation) {
    List<TextScorer> tried = TextBaselines.tfIdf(train.texts(), train.positive(), TF_IDF_STRENGTHS);
    int best = 0;
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < tried.size(); i++) {
      double auroc = Auroc.of(logits(tried.get(i), validation), validation.positive());
      if (auroc > most) {
        most = auroc;
        best = i;
      }
    }
    PartData both = train.and(validation);
    double[] strength = {TF_IDF_STRENGTHS[best]};
    return TextBaselines.tfIdf(both.texts(), both.positive(), strength).get(0);
  }

  private static double[] logits(TextScorer scorer, PartData part) {
    return part.texts().stream().mapToDouble(scorer::logit).toArray();
  }

  private TextMethods() {}
}
