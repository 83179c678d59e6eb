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
 * Max pools logits: its probe is learnt by one step of multiple-instance learning (Andrews,
 * Tsochantaridis and Hofmann, 2002). The mean probe of the layer picks of each training text the
 * token with its greatest logit, and logistic regression on those tokens gives the probe, which is
 * then judged by its own maxima.
 */
final class MaxSearch {
  private final TextModel model;
  private final LearnOptions options;
  private final Progress progress;

  MaxSearch(TextModel model, LearnOptions options, Progress progress) {
    this.model = model;
    this.options = options;
    this.progress = progress;
  }

  /**
   * The candidates of all places.
   *
   * @param means by place, the probe that picks
   */
  List<Candidate> candidates(
      Learner learner,
      List<HookPoint> places,
      List<LinearModel> means,
      PartData train,
      PartData validation)
      throws IOException {
    float[][][] picked = pick(train, places, means, "training texts, token by token");
    double[] strengths = learner.strengths();
    List<Supplier<List<LinearModel>>> work = new ArrayList<>();
    for (float[][] rows : picked) {
      work.add(() -> fitted(learner, new ProbeLearner(rows, train.positive(), options.balanced())));
    }
    List<List<LinearModel>> models = SideBySide.all(work);
    double[][][] logits = new double[places.size()][strengths.length][validation.size()];
    model.visit(
        validation.tokens(),
        places,
        progress.count("validation texts, token by token", validation.size()),
        (text, activations) -> {
          for (int h = 0; h < logits.length; h++) {
            for (int s = 0; s < strengths.length; s++) {
              LinearModel probe = models.get(h).get(s);
              logits[h][s][text] = probe.logit(greatest(probe, activations.get(h)));
            }
          }
        });
    List<Candidate> candidates = new ArrayList<>();
    for (int h = 0; h < places.size(); h++) {
      for (int s = 0; s < strengths.length; s++) {
        candidates.add(
            Candidate.of(
                places.get(h),
                Pooling.MAX,
                learner,
                strengths[s],
                models.get(h).get(s),
                picked[h],
                Judged.once(logits[h][s], validation.positive())));
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
  LinearModel refitted(Candidate candidate, LinearModel means, PartData rows) throws IOException {
    float[][] picked =
        pick(
            rows,
            List.of(candidate.hookPoint()),
            List.of(means),
            "training and validation texts, token by token")[0];
    return new ProbeLearner(picked, rows.positive(), options.balanced())
        .fit(candidate.learner(), candidate.c());
  }

  /**
   * Of each text the token with the greatest logit, by hook point: {@code [points][texts][width]}.
   */
  private float[][][] pick(
      PartData part, List<HookPoint> points, List<LinearModel> probes, String what)
      throws IOException {
    float[][][] picked = new float[points.size()][part.size()][];
    model.visit(
        part.tokens(),
        points,
        progress.count(what, part.size()),
        (text, activations) -> {
          for (int h = 0; h < picked.length; h++) {
            picked[h][text] = greatest(probes.get(h), activations.get(h));
          }
        });
    return picked;
  }

  private static float[] greatest(LinearModel probe, float[][] activations) {
    float[] greatest = activations[0];
    double most = Double.NEGATIVE_INFINITY;
    for (float[] activation : activations) {
      double logit = probe.logit(activation);
      if (logit > most) {
        most = logit;
        greatest = activation;
      }
    }
    return greatest;
  }
}
