package io.innerspan.workbench.train;

import io.innerspan.signals.HookPoint;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.Probe;
import io.innerspan.signals.reference.Tolerance;
import io.innerspan.workbench.learn.Learner;
import io.innerspan.workbench.learn.LinearModel;
import io.innerspan.workbench.learn.ProbeModel;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * A probe with what the validation part says of it.
 *
 * @param hookPoint where it reads
 * @param pooling how it pools; null where its heads say that
 * @param learner how it was learnt
 * @param c its strength, as the learner understands it; NaN for a difference of means
 * @param model its weights
 * @param auroc on the validation part
 * @param loss the mean logistic loss on the validation part
 * @param stable whether engines can agree on its logits: large terms that cancel each other (an
 *     activation that hardly varies, weights that blow that up) leave rounding where the logit
 *     should be
 */
record Candidate(
    HookPoint hookPoint,
    @Nullable Pooling pooling,
    Learner learner,
    double c,
    ProbeModel model,
    double auroc,
    double loss,
    boolean stable) {
  /**
   * Best first: the greatest AUROC, then the smallest loss; of equals the first that was tried
   * stays first.
   */
  static final Comparator<Candidate> BEST_FIRST =
      Comparator.comparingDouble((Candidate candidate) -> -candidate.auroc())
          .thenComparingDouble(Candidate::loss);

  static Candidate of(
      HookPoint hookPoint,
      Pooling pooling,
      Learner learner,
      double c,
      LinearModel model,
      float[][] trained,
      Judged judged) {
    boolean stable = Rounding.UNIT * model.terms(trained) <= Tolerance.FP32.allowed(0);
    return of(hookPoint, pooling, learner, c, model, stable, judged);
  }

  static Candidate of(
      HookPoint hookPoint,
      @Nullable Pooling pooling,
      Learner learner,
      double c,
      ProbeModel model,
      boolean stable,
      Judged judged) {
    return new Candidate(
        hookPoint, pooling, learner, c, model, judged.auroc(), judged.loss(), stable);
  }

  /** The same choice with other weights. */
  Candidate with(ProbeModel other) {
    return new Candidate(hookPoint, pooling, learner, c, other, auroc, loss, stable);
  }

  /** The probe in single precision, as it will run; not calibrated yet. */
  Probe probe(String id, String positiveLabel, String negativeLabel) {
    return model.probe(id, hookPoint, pooling, positiveLabel, negativeLabel);
  }

  /** How tokens become one value, for people. */
  String reads() {
    return pooling == null ? learner.label() : pooling + " pooling";
  }
}
