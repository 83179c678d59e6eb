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
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;

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
   * The candidates of all places and poolings: with what the first lesson teaches, judged by the
   * rows that any lesson judges.
   *
   * @param rows the training part's, then the validation part's
   * @param judging what the judged rows' logits say, by row of {@code rows}
   */
  List<Candidate> candidates(
      Learner learner,
      List<HookPoint> places,
      List<Pooling> poolings,
      List<Lesson> lessons,
      PartData rows,
      Function<double[], Judged> judging)
      throws IOException {
    float[][][][][] picked = pick(rows, places, poolings, lessons);
    int pairs = places.size() * poolings.size();
    List<Supplier<List<LinearModel>>> work = new ArrayList<>();
    for (int lesson = 0; lesson < lessons.size(); lesson++) {
      boolean[] positive = lessons.get(lesson).labels(rows);
      for (float[][][] place : picked[lesson]) {
        for (float[][] learnt : place) {
          work.add(() -> fitted(learner, new ProbeLearner(learnt, positive, options.balanced())));
        }
      }
    }
    List<List<LinearModel>> models = SideBySide.all(work);
    double[][][] logits = logits(learner, places, poolings, lessons, rows, models);
    double[] strengths = learner.strengths();
    List<Candidate> candidates = new ArrayList<>();
    for (int pair = 0; pair < pairs; pair++) {
      int place = pair / poolings.size();
      int pooling = pair % poolings.size();
      for (int s = 0; s < strengths.length; s++) {
        candidates.add(
            Candidate.of(
                places.get(place),
                poolings.get(pooling),
                learner,
                strengths[s],
                models.get(pair).get(s),
                picked[0][place][pooling],
                judging.apply(logits[pair][s])));
      }
    }
    return candidates;
  }

  /**
   * By place and pooling, strength and row the pooled logit, of the lesson that judges the row.
   *
   * @param models by lesson, place and pooling
   */
  private double[][][] logits(
      Learner learner,
      List<HookPoint> places,
      List<Pooling> poolings,
      List<Lesson> lessons,
      PartData rows,
      List<List<LinearModel>> models)
      throws IOException {
    int pairs = places.size() * poolings.size();
    int[] judges = new int[rows.size()];
    Arrays.fill(judges, -1);
    for (int lesson = 0; lesson < lessons.size(); lesson++) {
      for (int row : lessons.get(lesson).judged()) {
        judges[row] = lesson;
      }
    }
    int[] judged = IntStream.range(0, judges.length).filter(row -> judges[row] >= 0).toArray();
    double[][][] logits = new double[pairs][learner.strengths().length][rows.size()];
    model.visit(
        rows.tokens(judged),
        places,
        progress.count("validation texts, token by token", judged.length),
        (text, activations) -> {
          int row = judged[text];
          for (int pair = 0; pair < pairs; pair++) {
            Pooling pooling = poolings.get(pair % poolings.size());
            float[][] tokens = activations.get(pair / poolings.size());
            List<LinearModel> its = models.get(judges[row] * pairs + pair);
            for (int s = 0; s < its.size(); s++) {
              logits[pair][s][row] = Deciding.pooled(pooling, its.get(s).logits(tokens));
            }
          }
        });
    return logits;
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
    Lesson all = new Lesson(rows.numbers(), new int[0], List.of(means));
    List<HookPoint> place = List.of(candidate.hookPoint());
    float[][] picked = pick(rows, place, List.of(pooling), List.of(all))[0][0][0];
    return new ProbeLearner(picked, rows.positive(), options.balanced())
        .fit(candidate.learner(), candidate.c());
  }

  /** What decides each text that a lesson learns from, {@code [lessons][places][poolings]}. */
  private float[][][][][] pick(
      PartData rows, List<HookPoint> places, List<Pooling> poolings, List<Lesson> lessons)
      throws IOException {
    float[][][][][] picked = new float[lessons.size()][places.size()][poolings.size()][][];
    int[][] at = new int[lessons.size()][rows.size()]; // The row's number in the lesson.
    for (int lesson = 0; lesson < picked.length; lesson++) {
      int[] learnt = lessons.get(lesson).learnt();
      Arrays.fill(at[lesson], -1);
      for (int i = 0; i < learnt.length; i++) {
        at[lesson][learnt[i]] = i;
      }
      for (float[][][] place : picked[lesson]) {
        Arrays.setAll(place, pooling -> new float[learnt.length][]);
      }
    }
    int[] read =
        IntStream.range(0, rows.size())
            .filter(row -> Arrays.stream(at).anyMatch(numbers -> numbers[row] >= 0))
            .toArray();
    model.visit(
        rows.tokens(read),
        places,
        progress.count("training texts, token by token", read.length),
        (text, activations) -> {
          for (int lesson = 0; lesson < picked.length; lesson++) {
            int number = at[lesson][read[text]];
            for (int h = 0; number >= 0 && h < places.size(); h++) {
              float[][] tokens = activations.get(h);
              double[] logits = lessons.get(lesson).pickers().get(h).logits(tokens);
              for (int p = 0; p < poolings.size(); p++) {
                picked[lesson][h][p][number] = Deciding.activation(poolings.get(p), logits, tokens);
              }
            }
          }
        });
    return picked;
  }
}
