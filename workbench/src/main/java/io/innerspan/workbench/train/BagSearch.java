package io.innerspan.workbench.train;

import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Probe;
import io.innerspan.signals.reference.ReferenceProbe;
import io.innerspan.workbench.learn.BagLearner;
import io.innerspan.workbench.learn.Learner;
import io.innerspan.workbench.learn.ProbeModel;
import io.innerspan.workbench.learn.SideBySide;
import io.innerspan.workbench.learn.TokenBags;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Learns and scores networks, which read tokens and not what is pooled of them: learnt on the
 * training part and scored on the validation part, or crosswise over folds of both.
 */
final class BagSearch {
  private final PartData both;
  private final int[] train;
  private final int[] held;
  private final LearnOptions options;
  private final long seed;

  /**
   * @param seed of the first weights and of the order in which texts are learnt from
   */
  BagSearch(PartData train, PartData validation, LearnOptions options, long seed) {
    this.both = train.and(validation);
    this.train = IntStream.range(0, train.size()).toArray();
    this.held = IntStream.range(train.size(), both.size()).toArray();
    this.options = options;
    this.seed = seed;
  }

  /**
   * The candidates of one place, by strength; they are learnt beside each other.
   *
   * @param pooling mean, cls or last, or null for heads
   * @param bags of the training part, then of the validation part
   */
  List<Candidate> candidates(
      HookPoint place, @Nullable Pooling pooling, Learner learner, TokenBags bags) {
    List<Supplier<Candidate>> work = new ArrayList<>();
    for (double strength : learner.strengths()) {
      work.add(() -> candidate(place, pooling, learner, strength, bags));
    }
    return SideBySide.all(work);
  }

  /** The same candidate learnt on both parts. */
  ProbeModel refitted(Candidate candidate, TokenBags bags) {
    return learnt(bags, rows(0, bags.count()), candidate.learner(), candidate.c());
  }

  private Candidate candidate(
      HookPoint place, @Nullable Pooling pooling, Learner learner, double c, TokenBags bags) {
    ProbeModel model = learnt(bags, train, learner, c);
    Probe probe = model.probe("any", place, pooling, "yes", "no");
    Judged judged =
        options.folds() > 1
            ? crosswise(place, pooling, learner, c, bags)
            : Judged.once(logits(probe, bags.only(held), held.length), at(both.positive(), held));
    return Candidate.of(
        place, pooling, learner, c, model, Rounding.isStable(probe, bags.only(train)), judged);
  }

  /** Every row's logit from the model that did not see its fold. */
  private Judged crosswise(
      HookPoint place, @Nullable Pooling pooling, Learner learner, double c, TokenBags bags) {
    int[] fold = options.foldsOf(both);
    double[] logits = new double[both.size()];
    for (int f = 0; f < options.folds(); f++) {
      int number = f;
      int[] seen = IntStream.range(0, fold.length).filter(i -> fold[i] != number).toArray();
      int[] unseen = IntStream.range(0, fold.length).filter(i -> fold[i] == number).toArray();
      Probe probe = learnt(bags, seen, learner, c).probe("any", place, pooling, "yes", "no");
      double[] its = logits(probe, bags.only(unseen), unseen.length);
      for (int i = 0; i < unseen.length; i++) {
        logits[unseen[i]] = its[i];
      }
    }
    return Judged.crosswise(logits, both.positive(), fold);
  }

  private ProbeModel learnt(TokenBags bags, int[] rows, Learner learner, double c) {
    boolean[] positive = at(both.positive(), rows);
    return new BagLearner(bags.only(rows), positive, options.balanced()).fit(learner, c, seed);
  }

  private static double[] logits(Probe probe, TokenBags bags, int count) {
    double[] logits = new double[count];
    for (int i = 0; i < count; i++) {
      float[][] tokens = Rounding.tokens(bags, i);
      boolean[] real = new boolean[tokens.length];
      Arrays.fill(real, true);
      logits[i] = ReferenceProbe.logit(probe, tokens, real);
    }
    return logits;
  }

  private static int[] rows(int from, int to) {
    return IntStream.range(from, to).toArray();
  }

  private static boolean[] at(boolean[] values, int[] rows) {
    boolean[] chosen = new boolean[rows.length];
    for (int i = 0; i < rows.length; i++) {
      chosen[i] = values[rows[i]];
    }
    return chosen;
  }
}
