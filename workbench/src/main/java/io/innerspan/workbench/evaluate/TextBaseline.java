package io.innerspan.workbench.evaluate;

import io.innerspan.workbench.data.Folds;
import io.innerspan.workbench.learn.NaiveBayes;
import io.innerspan.workbench.learn.TextBaselines;
import io.innerspan.workbench.learn.TextScorer;
import io.innerspan.workbench.stats.Auroc;
import java.util.List;
import java.util.stream.IntStream;

/** Baselines that see the text only. */
enum TextBaseline implements Baseline {
  TF_IDF("tf_idf", "TF-IDF + logistic regression", 0.1, 1, 10, 100) {
    @Override
    List<TextScorer> learnt(Sample train, double[] strengths) {
      return TextBaselines.tfIdf(train.texts(), train.positive(), strengths);
    }
  },
  NAIVE_BAYES("char_ngram_naive_bayes", "naive Bayes on character 2- to 4-grams", 0.01, 0.1, 1) {
    @Override
    List<TextScorer> learnt(Sample train, double[] strengths) {
      return NaiveBayes.learnt(train.texts(), train.positive(), strengths);
    }
  },
  LENGTH("length", "length only", 1) {
    @Override
    List<TextScorer> learnt(Sample train, double[] strengths) {
      return List.of(TextBaselines.length(train.texts(), train.positive()));
    }
  };

  /** A fifth of the training groups chooses the strength, when there are as many groups. */
  private static final int FOLDS = 5;

  private final String key;
  private final String title;
  private final double[] strengths;

  TextBaseline(String key, String title, double... strengths) {
    this.key = key;
    this.title = title;
    this.strengths = strengths;
  }

  @Override
  public String key() {
    return key;
  }

  @Override
  public String title() {
    return title;
  }

  /** A scorer for each strength. */
  abstract List<TextScorer> learnt(Sample train, double[] strengths);

  @Override
  public double[] scores(Sample train, Sample test, long seed) {
    TextScorer scorer = learnt(train, new double[] {strength(train, seed)}).get(0);
    return logits(scorer, test);
  }

  private double strength(Sample train, long seed) {
    int[] fold = Folds.of(train.groups(), train.positive(), FOLDS, seed);
    Sample most = train.at(rows(fold, false));
    Sample held = train.at(rows(fold, true));
    double best = strengths[strengths.length / 2];
    if (strengths.length == 1
        || most.count(true) * most.count(false) == 0
        || held.count(true) * held.count(false) == 0) {
      return best;
    }
    List<TextScorer> tried = learnt(most, strengths);
    double greatest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < strengths.length; i++) {
      double auroc = Auroc.of(logits(tried.get(i), held), held.positive());
      if (auroc > greatest) {
        greatest = auroc;
        best = strengths[i];
      }
    }
    return best;
  }

  private static int[] rows(int[] fold, boolean held) {
    return IntStream.range(0, fold.length).filter(row -> (fold[row] == 0) == held).toArray();
  }

  private static double[] logits(TextScorer scorer, Sample sample) {
    return sample.texts().stream().mapToDouble(scorer::logit).toArray();
  }
}
