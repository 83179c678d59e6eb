package io.innerspan.workbench.train;

import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Pooling;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.learn.Learner;
import io.innerspan.workbench.learn.LinearModel;
import io.innerspan.workbench.learn.ProbeLearner;
import io.innerspan.workbench.learn.SideBySide;
import io.innerspan.workbench.model.TextModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The poolings of logits, max among them: their probes are learnt by one step of multiple-instance
 * learning (Andrews, Tsochantaridis and Hofmann, 2002). By the logits of the place's mean probe the
 * pooling says which tokens of a training text decide, and how much; logistic regression on the
 * mean of their activations by these weights gives the probe, which is then judged by its own
 * pooled logits.
 */
final class TokenSearch {
  private final TextModel model;
  private final LearnOptions options;
  private final Progress progress;

  TokenSearch(TextModel model, LearnOptions options, Progress progress) {
    this.model = model;
    this.options = options;
    this.progress = progress;
  }

  /**
   * The candidates of all places and poolings.
   *
   * @param means by place, the probe that picks
   */
  List<Candidate> candidates(
      Learner learner,
      List<HookPoint> places,
      List<Pooling> poolings,
      List<LinearModel> means,
      PartData train,
      PartData validation)
      throws IOException {
    float[][][][] picked = pick(train, places, poolings, means, "training texts, token by token");
    double[] strengths = learner.strengths();
    List<Supplier<List<LinearModel>>> work = new ArrayList<>();
    for (float[][][] place : picked) {
      for (float[][] rows : place) {
        work.add(
            () -> fitted(learner, new ProbeLearner(rows, train.positive(), options.balanced())));
      }
    }
    List<List<LinearModel>> models = SideBySide.all(work);
    double[][][] logits = new double[models.size()][strengths.length][validation.size()];
    model.visit(
        validation.tokens(),
        places,
        progress.count("validation texts, token by token", validation.size()),
        (text, activations) -> {
          for (int m = 0; m < logits.length; m++) {
            Pooling pooling = poolings.get(m % poolings.size());
            float[][] tokens = activations.get(m / poolings.size());
            for (int s = 0; s < strengths.length; s++) {
              logits[m][s][text] = Deciding.pooled(pooling, models.get(m).get(s).logits(tokens));
            }
          }
        });
    List<Candidate> candidates = new ArrayList<>();
    for (int m = 0; m < logits.length; m++) {
      int place = m / poolings.size();
      int pooling = m % poolings.size();
      for (int s = 0; s < strengths.length; s++) {
        candidates.add(
            Candidate.of(
                places.get(place),
                poolings.get(pooling),
                learner,
                strengths[s],
                models.get(m).get(s),
                picked[place][pooling],
                Judged.once(logits[m][s], validation.positive())));
      }
    }
    return candidates;
  }

  private static List<LinearModel> fitted(Learner learner, ProbeLearner probes) {
    List<LinearModel> fitted = new ArrayList<>();
    for (double c : learner.strengths()) {
      fitted.add(probes.fit(learner, c));
    }
    return fitted;
  }

  /** A chosen candidate learnt on more rows; {@code means} picks the tokens. */
  LinearModel refitted(Candidate candidate, Pooling pooling, LinearModel means, PartData rows)
      throws IOException {
    float[][] picked =
        pick(
            rows,
            List.of(candidate.hookPoint()),
            List.of(pooling),
            List.of(means),
            "training and validation texts, token by token")[0][0];
    return new ProbeLearner(picked, rows.positive(), options.balanced())
        .fit(candidate.learner(), candidate.c());
  }

  /** What decides each text, {@code [places][poolings][texts][width]}. */
  private float[][][][] pick(
      PartData part,
      List<HookPoint> places,
      List<Pooling> poolings,
      List<LinearModel> probes,
      String what)
      throws IOException {
    float[][][][] picked = new float[places.size()][poolings.size()][part.size()][];
    model.visit(
        part.tokens(),
        places,
        progress.count(what, part.size()),
        (text, activations) -> {
          for (int h = 0; h < picked.length; h++) {
            float[][] tokens = activations.get(h);
            double[] logits = probes.get(h).logits(tokens);
            for (int p = 0; p < picked[h].length; p++) {
              picked[h][p][text] = Deciding.activation(poolings.get(p), logits, tokens);
            }
          }
        });
    return picked;
  }
}
