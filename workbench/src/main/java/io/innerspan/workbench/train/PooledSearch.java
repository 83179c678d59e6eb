package io.innerspan.workbench.train;

import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Pooling;
import io.innerspan.workbench.learn.Learner;
import io.innerspan.workbench.learn.LinearModel;
import io.innerspan.workbench.learn.ProbeLearner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Learns and scores candidates on pooled activations: learnt on the training part and scored on the
 * validation part, or learnt and scored crosswise over folds of both.
 */
final class PooledSearch {
  private final PartData train;
  private final PartData validation;
  private final LearnOptions options;

  PooledSearch(PartData train, PartData validation, LearnOptions options) {
    this.train = train;
    this.validation = validation;
    this.options = options;
  }

  /** The candidates of one place and pooling, by learner and strength. */
  List<Candidate> candidates(
      HookPoint place, Pooling pooling, Learner learner, float[][] rows, float[][] held) {
    List<Candidate> candidates = new ArrayList<>();
    ProbeLearner once = new ProbeLearner(rows, train.positive(), options.balanced());
    Judged[] crosswise = options.folds() > 1 ? crosswise(learner, rows, held) : null;
    double[] strengths = learner.strengths();
    for (int s = 0; s < strengths.length; s++) {
      LinearModel model = once.fit(learner, strengths[s]);
      candidates.add(
          Candidate.of(
              place,
              pooling,
              learner,
              strengths[s],
              model,
              rows,
              crosswise == null
                  ? Judged.once(model.logits(held), validation.positive())
                  : crosswise[s]));
    }
    return candidates;
  }

  /** By strength, every row's logit from the model that did not see its fold. */
  private Judged[] crosswise(Learner learner, float[][] rows, float[][] held) {
    PartData both = train.and(validation);
    float[][] all = Stream.of(rows, held).flatMap(Arrays::stream).toArray(float[][]::new);
    boolean[] positive = both.positive();
    int[] fold = options.foldsOf(both);
    double[] strengths = learner.strengths();
    double[][] logits = new double[strengths.length][all.length];
    for (int f = 0; f < options.folds(); f++) {
      int[] seen = rows(fold, f, false);
      boolean[] labels = new boolean[seen.length];
      for (int i = 0; i < labels.length; i++) {
        labels[i] = positive[seen[i]];
      }
      float[][] learnt = Arrays.stream(seen).mapToObj(row -> all[row]).toArray(float[][]::new);
      ProbeLearner probes = new ProbeLearner(learnt, labels, options.balanced());
      for (int s = 0; s < strengths.length; s++) {
        LinearModel model = probes.fit(learner, strengths[s]);
        for (int row : rows(fold, f, true)) {
          logits[s][row] = model.logit(all[row]);
        }
      }
    }
    return Arrays.stream(logits)
        .map(each -> Judged.crosswise(each, positive, fold))
        .toArray(Judged[]::new);
  }

  private static int[] rows(int[] fold, int number, boolean within) {
    return IntStream.range(0, fold.length).filter(row -> (fold[row] == number) == within).toArray();
  }
}
