package io.innerspan.workbench.train;

import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Pooling;
import io.innerspan.workbench.data.Progress;
import io.innerspan.workbench.learn.Learner;
import io.innerspan.workbench.learn.LinearModel;
import io.innerspan.workbench.learn.ProbeLearner;
import io.innerspan.workbench.learn.ProbeModel;
import io.innerspan.workbench.learn.SideBySide;
import io.innerspan.workbench.learn.TokenBags;
import io.innerspan.workbench.model.TextModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Learns a probe for each layer, pooling, learner and strength on the training part, and scores
 * each on the validation part, or crosswise over folds of both.
 *
 * <p>Mean, cls and last pool activations, so their probes are learnt on pooled activations. {@link
 * MaxSearch} says how those of max are learnt; they are tried on the validation part only, and with
 * logistic regression only. {@link BagSearch} learns networks on tokens.
 */
final class ProbeSearch {
  private final TextModel model;
  private final List<HookPoint> hookPoints;
  private final PartData train;
  private final PartData validation;
  private final LearnOptions options;
  private final long seed;
  private final Progress progress;
  private final PooledActivations trained;
  private final PooledActivations validated;
  private final List<Candidate> candidates = new ArrayList<>();
  private final List<Candidate> differencesOfMeans = new ArrayList<>();

  /**
   * Captures the activations of both parts.
   *
   * @param seed of networks
   */
  ProbeSearch(
      TextModel model,
      PartData train,
      PartData validation,
      LearnOptions options,
      long seed,
      Progress progress)
      throws IOException {
    this.model = model;
    this.hookPoints = model.layerOutputs();
    this.train = train;
    this.validation = validation;
    this.options = options;
    this.seed = seed;
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
    List<Learner> linear = options.learners().stream().filter(Learner::isLinear).toList();
    PooledSearch search = new PooledSearch(train, validation, options);
    List<Supplier<List<Candidate>>> work = new ArrayList<>();
    for (int h = 0; h < hookPoints.size(); h++) {
      for (Pooling pooling : PooledActivations.POOLINGS) {
        int place = h;
        for (Learner learner : linear) {
          work.add(() -> at(search, place, pooling, learner));
        }
        differencesOfMeans.addAll(at(search, h, pooling, Learner.DIFFERENCE_OF_MEANS));
      }
    }
    progress.say("  fitting probes at " + hookPoints.size() + " layers");
    SideBySide.all(work).forEach(candidates::addAll);
    if (options.folds() == 1) {
      max();
    }
    List<Learner> networks = options.learners().stream().filter(each -> !each.isLinear()).toList();
    if (!networks.isEmpty()) {
      networks(networks);
    }
  }

  private void max() throws IOException {
    MaxSearch max = new MaxSearch(model, options, progress);
    for (Learner learner : options.learners()) {
      if (learner.isLogistic()) {
        List<LinearModel> means = new ArrayList<>();
        for (HookPoint place : hookPoints) {
          means.add(bestOnMeans(candidates.stream(), place, learner));
        }
        candidates.addAll(max.candidates(learner, hookPoints, means, train, validation));
      }
    }
  }

  private void networks(List<Learner> learners) throws IOException {
    PartData both = train.and(validation);
    BagSearch search = new BagSearch(train, validation, options, seed);
    try (TokenFile tokens =
        TokenFile.capture(
            model, hookPoints, both, progress.count("texts, token by token", both.size()))) {
      for (int h = 0; h < hookPoints.size(); h++) {
        HookPoint place = hookPoints.get(h);
        progress.say("  fitting networks at " + place);
        for (Learner learner : learners) {
          for (Pooling pooling : poolings(learner)) {
            TokenBags bags = bags(h, pooling, tokens.at(h));
            candidates.addAll(search.candidates(place, pooling, learner, bags));
          }
        }
      }
    }
  }

  /** Heads pool themselves, which is null. */
  private static List<@Nullable Pooling> poolings(Learner learner) {
    return learner == Learner.ATTENTION
        ? Collections.singletonList(null)
        : new ArrayList<>(PooledActivations.POOLINGS);
  }

  /** What a network reads: the one token that is pooled, or all. */
  private TokenBags bags(int h, @Nullable Pooling pooling, TokenBags tokens) {
    return pooling == null || pooling.equals(Pooling.MEAN)
        ? tokens
        : TokenBags.ofRows(both(h, pooling));
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
    if (!candidate.learner().isLinear()) {
      return candidate.with(refittedNetwork(candidate, h));
    }
    Pooling pooling = Objects.requireNonNull(candidate.pooling());
    if (!pooling.equals(Pooling.MAX)) {
      ProbeLearner learner = bothPooled(h, pooling);
      return candidate.with(learner.fit(candidate.learner(), candidate.c()));
    }
    Candidate picking = bestMean(ranked().stream(), candidate.hookPoint(), candidate.learner());
    LinearModel means = bothPooled(h, Pooling.MEAN).fit(picking.learner(), picking.c());
    MaxSearch max = new MaxSearch(model, options, progress);
    return candidate.with(max.refitted(candidate, means, train.and(validation)));
  }

  private ProbeModel refittedNetwork(Candidate candidate, int h) throws IOException {
    PartData both = train.and(validation);
    BagSearch search = new BagSearch(train, validation, options, seed);
    List<HookPoint> place = List.of(candidate.hookPoint());
    try (TokenFile tokens =
        TokenFile.capture(
            model, place, both, progress.count("texts of the chosen layer", both.size()))) {
      return search.refitted(candidate, bags(h, candidate.pooling(), tokens.at(0)));
    }
  }

  private List<Candidate> at(PooledSearch search, int h, Pooling pooling, Learner learner) {
    return search.candidates(
        hookPoints.get(h), pooling, learner, trained.rows(h, pooling), validated.rows(h, pooling));
  }

  private static LinearModel bestOnMeans(
      Stream<Candidate> candidates, HookPoint place, Learner learner) {
    return (LinearModel) bestMean(candidates, place, learner).model();
  }

  private static Candidate bestMean(
      Stream<Candidate> candidates, HookPoint place, Learner learner) {
    return candidates
        .filter(candidate -> candidate.hookPoint().equals(place))
        .filter(candidate -> Pooling.MEAN.equals(candidate.pooling()))
        .filter(candidate -> candidate.learner() == learner)
        .min(Candidate.BEST_FIRST)
        .orElseThrow();
  }

  private ProbeLearner bothPooled(int h, Pooling pooling) {
    return new ProbeLearner(both(h, pooling), train.and(validation).positive(), options.balanced());
  }

  private float[][] both(int h, Pooling pooling) {
    return Stream.of(trained.rows(h, pooling), validated.rows(h, pooling))
        .flatMap(Arrays::stream)
        .toArray(float[][]::new);
  }
}
