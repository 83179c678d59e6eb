package io.innerspan.workbench.train;

import io.innerspan.workbench.learn.Learner;
import io.innerspan.workbench.learn.LinearModel;
import io.innerspan.workbench.learn.ProbeLearner;
import io.innerspan.workbench.learn.SideBySide;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Who learns from which rows, and whom these judge: the training part, judged by the validation
 * part; or crosswise all folds but one, judged by that one.
 */
final class Lessons {
  private final PartData train;
  private final PartData validation;
  private final PartData both;
  private final List<float[][]> means;
  private final LearnOptions options;
  private final int @Nullable [] fold;

  /**
   * @param means by place, the mean activations of the training part, then of the validation part
   */
  Lessons(PartData train, PartData validation, List<float[][]> means, LearnOptions options) {
    this.train = train;
    this.validation = validation;
    this.both = train.and(validation);
    this.means = means;
    this.options = options;
    this.fold = options.folds() > 1 ? options.foldsOf(both) : null;
  }

  /**
   * The lessons; the first one's rows are the training part's.
   *
   * @param learner of what picks tokens
   * @param picking by place, the probe of mean activations that picks tokens for the first lesson.
   *     For each fold one picks that did not see it, of a strength that was chosen without it
   */
  List<Lesson> of(Learner learner, List<Candidate> picking) {
    List<LinearModel> pickers =
        picking.stream().map(candidate -> (LinearModel) candidate.model()).toList();
    int[] learnt = rows(row -> row < train.size());
    int[] dealt = fold;
    if (dealt == null) {
      return List.of(new Lesson(learnt, rows(row -> row >= train.size()), pickers));
    }
    NestedStrengths nested = new NestedStrengths(both, dealt, options);
    List<double[]> strengths = means.stream().map(rows -> nested.of(learner, rows)).toList();
    List<Supplier<Lesson>> work = new ArrayList<>();
    for (int f = 0; f < options.folds(); f++) {
      int number = f;
      work.add(
          () ->
              without(
                  rows(row -> dealt[row] != number),
                  rows(row -> dealt[row] == number),
                  learner,
                  strengths.stream().mapToDouble(byFold -> byFold[number]).toArray()));
    }
    List<Lesson> lessons = new ArrayList<>();
    lessons.add(new Lesson(learnt, new int[0], pickers));
    lessons.addAll(SideBySide.all(work));
    return lessons;
  }

  /**
   * @param strengths by place
   */
  private Lesson without(int[] seen, int[] unseen, Learner learner, double[] strengths) {
    boolean[] labels = new Lesson(seen, unseen, List.of()).labels(both);
    List<LinearModel> pickers = new ArrayList<>();
    for (int h = 0; h < strengths.length; h++) {
      float[][] all = means.get(h);
      float[][] rows = Arrays.stream(seen).mapToObj(row -> all[row]).toArray(float[][]::new);
      pickers.add(new ProbeLearner(rows, labels, options.balanced()).fit(learner, strengths[h]));
    }
    return new Lesson(seen, unseen, pickers);
  }

  private int[] rows(IntPredicate which) {
    return IntStream.range(0, both.size()).filter(which).toArray();
  }

  /**
   * What the judged rows say.
   *
   * @param logits by row of both parts
   */
  Judged judged(double[] logits) {
    return fold == null
        ? Judged.once(Arrays.copyOfRange(logits, train.size(), both.size()), validation.positive())
        : Judged.crosswise(logits, both.positive(), fold);
  }
}
