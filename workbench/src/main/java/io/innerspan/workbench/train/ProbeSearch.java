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
 * Learns a probe for each place, pooling, learner and strength on the training part, and scores
 * each on the validation part, or crosswise over folds of both.
 *
 * <p>Mean, cls and last pool activations, so their probes are learnt on pooled activations. {@link
 * TokenSearch} says how those of poolings of logits are learnt; they are tried with logistic
 * regression only. {@link BagSearch} learns networks on tokens.
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

  /** Logistic probes of mean activations, which pick tokens; wanted as candidates or not. */
  private final List<Candidate> pickers = new ArrayList<>();

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
    this.hookPoints = options.places().of(model);
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
    boolean picking = !options.ofLogits().isEmpty();
    List<Supplier<List<Candidate>>> work = new ArrayList<>();
    for (int h = 0; h < hookPoints.size(); h++) {
      for (Pooling pooling : PooledActivations.POOLINGS) {
        int place = h;
        boolean wanted = options.poolings().contains(pooling);
        for (Learner learner : linear) {
          if (wanted || (picking && pooling.equals(Pooling.MEAN) && learner.isLogistic())) {
            work.add(() -> at(search, place, pooling, learner));
          }
        }
        differencesOfMeans.addAll(at(search, h, pooling, Learner.DIFFERENCE_OF_MEANS));
      }
    }
    progress.say("  fitting probes at " + hookPoints.size() + " places");
    SideBySide.all(work).forEach(this::sort);
    if (picking) {
      tokens();
    }
    List<Learner> networks = options.learners().stream().filter(each -> !each.isLinear()).toList();
    if (!networks.isEmpty()) {
      networks(networks);
    }
  }

  private void sort(List<Candidate> fitted) {
    for (Candidate candidate : fitted) {
      if (options.poolings().contains(candidate.pooling())) {
        candidates.add(candidate);
      }
      if (Pooling.MEAN.equals(candidate.pooling()) && candidate.learner().isLogistic()) {
        pickers.add(candidate);
      }
    }
  }

  private void tokens() throws IOException {
    TokenSearch search = new TokenSearch(model, options, progress);
    List<float[][]> means = new ArrayList<>();
    for (int h = 0; h < hookPoints.size(); h++) {
      means.add(both(h, Pooling.MEAN));
    }
    Lessons lessons = new Lessons(train, validation, means, options);
    for (Learner learner : options.learners()) {
      if (learner.isLogistic()) {
        List<Candidate> picking = hookPoints.stream().map(place -> picker(place, learner)).toList();
        candidates.addAll(
            search.candidates(
                learner,
                hookPoints,
                options.ofLogits(),
                lessons.of(learner, picking),
                train.and(validation),
                lessons::judged));
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
  private List<@Nullable Pooling> poolings(Learner learner) {
    return learner.hasHeads()
        ? Collections.singletonList(null)
        : new ArrayList<>(options.ofActivations());
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
    if (pooling.kind().ofActivations()) {
      ProbeLearner learner = bothPooled(h, pooling);
      return candidate.with(learner.fit(candidate.learner(), candidate.c()));
    }
    Candidate picking = picker(candidate.hookPoint(), candidate.learner());
    LinearModel means = bothPooled(h, Pooling.MEAN).fit(picking.learner(), picking.c());
    TokenSearch search = new TokenSearch(model, options, progress);
    return candidate.with(search.refitted(candidate, pooling, means, train.and(validation)));
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

  private Candidate picker(HookPoint place, Learner learner) {
    return pickers.stream()
        .filter(candidate -> candidate.hookPoint().equals(place))
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
