package io.innerspan.workbench.train;

import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Pooling;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.learn.Learner;
import io.innerspan.workbench.learn.LinearModel;
import io.innerspan.workbench.learn.ProbeLearner;
import io.innerspan.workbench.model.TextModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Learns a probe for each layer, pooling, learner and strength on the training part, and scores
 * each on the validation part, or crosswise over folds of both.
 *
 * <p>Mean, cls and last pool activations, so their probes are learnt on pooled activations. {@link
 * MaxSearch} says how those of max are learnt; they are tried on the validation part only, and with
 * logistic regression only.
 */
final class ProbeSearch {
  private final TextModel model;
  private final List<HookPoint> hookPoints;
  private final PartData train;
  private final PartData validation;
  private final LearnOptions options;
  private final Progress progress;
  private final PooledActivations trained;
  private final PooledActivations validated;
  private final List<Candidate> candidates = new ArrayList<>();
  private final List<Candidate> differencesOfMeans = new ArrayList<>();

  /** Captures the activations of both parts. */
  ProbeSearch(
      TextModel model, PartData train, PartData validation, LearnOptions options, Progress progress)
      throws IOException {
    this.model = model;
    this.hookPoints = model.layerOutputs();
    this.train = train;
    this.validation = validation;
    this.options = options;
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
    PooledSearch search = new PooledSearch(train, validation, options);
    for (int h = 0; h < hookPoints.size(); h++) {
      progress.say("  fitting probes at " + hookPoints.get(h));
      for (Pooling pooling : PooledActivations.POOLINGS) {
        for (Learner learner : options.learners()) {
          candidates.addAll(at(search, h, pooling, learner));
        }
        differencesOfMeans.addAll(at(search, h, pooling, Learner.DIFFERENCE_OF_MEANS));
      }
    }
    if (options.folds() > 1) {
      return;
    }
    MaxSearch max = new MaxSearch(model, options, progress);
    for (Learner learner : options.learners()) {
      if (learner.isLogistic()) {
        List<LinearModel> means = new ArrayList<>();
        for (HookPoint place : hookPoints) {
          means.add(bestOnMeans(candidates.stream(), place, learner).model());
        }
        candidates.addAll(max.candidates(learner, hookPoints, means, train, validation));
      }
    }
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
    if (!candidate.pooling().equals(Pooling.MAX)) {
      ProbeLearner learner = bothPooled(h, candidate.pooling());
      return candidate.with(learner.fit(candidate.learner(), candidate.c()));
    }
    Candidate picking = bestOnMeans(ranked().stream(), candidate.hookPoint(), candidate.learner());
    LinearModel means = bothPooled(h, Pooling.MEAN).fit(picking.learner(), picking.c());
    MaxSearch max = new MaxSearch(model, options, progress);
    return candidate.with(max.refitted(candidate, means, train.and(validation)));
  }

  private List<Candidate> at(PooledSearch search, int h, Pooling pooling, Learner learner) {
    return search.candidates(
        hookPoints.get(h), pooling, learner, trained.rows(h, pooling), validated.rows(h, pooling));
  }

  private static Candidate bestOnMeans(
      Stream<Candidate> candidates, HookPoint place, Learner learner) {
    return candidates
        .filter(candidate -> candidate.hookPoint().equals(place))
        .filter(candidate -> candidate.pooling().equals(Pooling.MEAN))
        .filter(candidate -> candidate.learner() == learner)
        .min(Candidate.BEST_FIRST)
        .orElseThrow();
  }

  private ProbeLearner bothPooled(int h, Pooling pooling) {
    float[][] rows =
        Stream.of(trained.rows(h, pooling), validated.rows(h, pooling))
            .flatMap(Arrays::stream)
            .toArray(float[][]::new);
    return new ProbeLearner(rows, train.and(validation).positive(), options.balanced());
  }
}
