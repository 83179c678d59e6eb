package io.innerspan.workbench.train;

import io.innerspan.signals.Calibration;
import io.innerspan.signals.HookPoint;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Pooling;
import io.innerspan.signals.reference.Tolerance;
import io.innerspan.workbench.learn.Learner;
import io.innerspan.workbench.learn.LinearModel;
import io.innerspan.workbench.stats.Auroc;
import java.util.Comparator;

/**
 * A probe with what the validation part says of it.
 *
 * @param hookPoint where it reads
 * @param pooling how it pools
 * @param learner how it was learnt
 * @param c its strength, as the learner understands it; NaN for a difference of means
 * @param model its direction and offset
 * @param auroc on the validation part
 * @param loss the mean logistic loss on the validation part
 * @param terms the mean of Σ|weight · x| on the training part
 */
record Candidate(
    HookPoint hookPoint,
    Pooling pooling,
    Learner learner,
    double c,
    LinearModel model,
    double auroc,
    double loss,
    double terms) {
  /**
   * Best first: the greatest AUROC, then the smallest loss; of equals the first that was tried
   * stays first.
   */
  static final Comparator<Candidate> BEST_FIRST =
      Comparator.comparingDouble((Candidate candidate) -> -candidate.auroc())
          .thenComparingDouble(Candidate::loss);

  /** What single precision errs by, relative to the terms that it sums. */
  private static final double ROUNDING = 0x1p-23;

  static Candidate of(
      HookPoint hookPoint,
      Pooling pooling,
      Learner learner,
      double c,
      LinearModel model,
      float[][] trained,
      double[] logits,
      boolean[] positive) {
    double loss = 0;
    for (int i = 0; i < logits.length; i++) {
      double margin = positive[i] ? logits[i] : -logits[i];
      loss += Math.max(-margin, 0) + Math.log1p(Math.exp(-Math.abs(margin)));
    }
    return new Candidate(
        hookPoint,
        pooling,
        learner,
        c,
        model,
        Auroc.of(logits, positive),
        loss / logits.length,
        model.terms(trained));
  }

  /**
   * Whether engines can agree on its logits: large terms that cancel each other (an activation that
   * hardly varies, weights that blow that up) leave rounding where the logit should be.
   */
  boolean stable() {
    return ROUNDING * terms <= Tolerance.FP32.allowed(0);
  }

  /** The same choice with other weights. */
  Candidate with(LinearModel other) {
    return new Candidate(hookPoint, pooling, learner, c, other, auroc, loss, terms);
  }

  /** The probe in single precision, as it will run; not calibrated yet. */
  LinearProbe probe(String id, String positiveLabel, String negativeLabel) {
    float[] weight = new float[model.weight().length];
    for (int d = 0; d < weight.length; d++) {
      weight[d] = (float) model.weight()[d];
    }
    return new LinearProbe(
        id,
        hookPoint,
        pooling,
        weight,
        (float) model.bias(),
        new Calibration.None(),
        null,
        positiveLabel,
        negativeLabel);
  }
}
