package io.innerspan.workbench.train;

import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Pooling;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.learn.LinearModel;
import io.innerspan.workbench.learn.ProbeLearner;
import io.innerspan.workbench.model.TextModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Learns a probe for each layer, pooling and regularisation on the training part, and scores each
 * on the validation part.
 *
 * <p>Mean, cls and last pool activations, so their probes are learnt on pooled activations. Max
 * pools logits: its probe is learnt by one step of multiple-instance learning (Andrews,
 * Tsochantaridis and Hofmann, 2002). The mean probe of the layer picks of each training text the
 * token with its greatest logit, and logistic regression on those tokens gives the probe, which is
 * then judged by its own maxima.
 */
final class ProbeSearch {
  static final double[] STRENGTHS = {1e-4, 1e-3, 1e-2, 1e-1, 1};

  private final TextModel model;
  private final List<HookPoint> hookPoints;
  private final PartData train;
  private final PartData validation;
  private final Progress progress;
  private final PooledActivations trained;
  private final PooledActivations validated;
  private final List<Candidate> candidates = new ArrayList<>();
  private final List<Candidate> differencesOfMeans = new ArrayList<>();

  /** Captures the activations of both parts. */
  ProbeSearch(TextModel model, PartData train, PartData validation, Progress progress)
      throws IOException {
    this.model = model;
    this.hookPoints = model.layerOutputs();
    this.train = train;
    this.validation = validation;
    this.progress = progress;
    trained =
        PooledActivations.capture(
            model, hookPoints, train, progress.count("training texts", train.size()));
    validated =
        PooledActivations.capture(
            model, hookPoints, validation, progress.count("validation texts", validation.size()));
  }

  /** Learns and scores every candidate. */
  void run() throws IOException {
    List<LinearModel> meanModels = new ArrayList<>();
    for (int h = 0; h < hookPoints.size(); h++) {
      progress.say("  fitting probes at " + hookPoints.get(h));
      meanModels.add(fitPooled(h));
    }
    fitMax(meanModels);
  }

  /** The candidates on whose logits engines can agree, best first. */
  List<Candidate> ranked() {
    return candidates.stream().filter(Candidate::stable).sorted(Candidate.BEST_FIRST).toList();
  }

  /** How many candidates were tried, stable or not. */
  int tried() {
    return candidates.size();
  }

  /** The best difference of means over layers and poolings, which needs no optimiser. */
  Candidate differenceOfMeans() {
    return differencesOfMeans.stream().min(Candidate.BEST_FIRST).orElseThrow();
  }

  /**
   * The same candidate learnt on training and validation part together: once the choice is made,
   * the validation part has no other use.
   */
  Candidate refitted(Candidate candidate) throws IOException {
    int h = hookPoints.indexOf(candidate.hookPoint());
    boolean[] positive = both().positive();
    if (Double.isNaN(candidate.c())) {
      return candidate.with(
          ProbeLearner.differenceOfMeans(bothPooled(h, candidate.pooling()), positive));
    }
    if (!candidate.pooling().equals(Pooling.MAX)) {
      float[][] rows = bothPooled(h, candidate.pooling());
      return candidate.with(new ProbeLearner(rows, positive).fit(candidate.c()));
    }
    double meanStrength =
        ranked().stream()
            .filter(other -> other.pooling().equals(Pooling.MEAN))
            .filter(other -> other.hookPoint().equals(candidate.hookPoint()))
            .findFirst()
            .orElseThrow()
            .c();
    LinearModel means = new ProbeLearner(bothPooled(h, Pooling.MEAN), positive).fit(meanStrength);
    float[][] picked =
        pick(
            both(),
            List.of(candidate.hookPoint()),
            List.of(means),
            "training and validation texts, token by token")[0];
    return candidate.with(new ProbeLearner(picked, positive).fit(candidate.c()));
  }

  private PartData both() {
    return train.and(validation);
  }

  private float[][] bothPooled(int h, Pooling pooling) {
    return Stream.concat(
            Arrays.stream(trained.rows(h, pooling)), Arrays.stream(validated.rows(h, pooling)))
        .toArray(float[][]::new);
  }

  /** Fits one layer's probes on pooled activations and gives the best on means. */
  private LinearModel fitPooled(int h) {
    List<Candidate> onMeans = new ArrayList<>();
    for (Pooling pooling : PooledActivations.POOLINGS) {
      float[][] rows = trained.rows(h, pooling);
      float[][] held = validated.rows(h, pooling);
      ProbeLearner learner = new ProbeLearner(rows, train.positive());
      for (double c : STRENGTHS) {
        Candidate candidate = candidate(h, pooling, c, learner.fit(c), rows, held);
        candidates.add(candidate);
        if (pooling.equals(Pooling.MEAN)) {
          onMeans.add(candidate);
        }
      }
      LinearModel means = ProbeLearner.differenceOfMeans(rows, train.positive());
      differencesOfMeans.add(candidate(h, pooling, Double.NaN, means, rows, held));
    }
    return onMeans.stream().min(Candidate.BEST_FIRST).orElseThrow().model();
  }

  private Candidate candidate(
      int h, Pooling pooling, double c, LinearModel probe, float[][] rows, float[][] held) {
    return Candidate.of(
        hookPoints.get(h), pooling, c, probe, rows, probe.logits(held), validation.positive());
  }

  private void fitMax(List<LinearModel> meanModels) throws IOException {
    float[][][] picked = pick(train, hookPoints, meanModels, "training texts, token by token");
    List<List<LinearModel>> models = new ArrayList<>();
    for (float[][] rows : picked) {
      ProbeLearner learner = new ProbeLearner(rows, train.positive());
      List<LinearModel> fitted = new ArrayList<>();
      for (double c : STRENGTHS) {
        fitted.add(learner.fit(c));
      }
      models.add(fitted);
    }
    double[][][] logits = new double[hookPoints.size()][STRENGTHS.length][validation.size()];
    model.visit(
        validation.tokens(),
        hookPoints,
        progress.count("validation texts, token by token", validation.size()),
        (text, activations) -> {
          for (int h = 0; h < logits.length; h++) {
            for (int s = 0; s < STRENGTHS.length; s++) {
              LinearModel probe = models.get(h).get(s);
              logits[h][s][text] = probe.logit(greatest(probe, activations.get(h)));
            }
          }
        });
    for (int h = 0; h < hookPoints.size(); h++) {
      for (int s = 0; s < STRENGTHS.length; s++) {
        candidates.add(
            Candidate.of(
                hookPoints.get(h),
                Pooling.MAX,
                STRENGTHS[s],
                models.get(h).get(s),
                picked[h],
                logits[h][s],
                validation.positive()));
      }
    }
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
