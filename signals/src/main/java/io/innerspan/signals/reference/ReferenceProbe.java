package io.innerspan.signals.reference;

import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.LinearProbe;

/** A linear probe's raw logit, before calibration. */
public final class ReferenceProbe {
  /**
   * The logit of one activation.
   *
   * @param activation {@code [width]}
   */
  public static double logit(LinearProbe probe, float[] activation) {
    checkWidth(probe, activation.length);
    double sum = 0;
    for (int d = 0; d < activation.length; d++) {
      sum += (double) probe.weight(d) * activation[d];
    }
    return sum + probe.bias();
  }

  /**
   * The logit of one row of a batch by the probe's pooling; padding never takes part.
   *
   * @param activations {@code [tokens][width]}
   * @param real {@code [tokens]}, which tokens are no padding, by the attention mask
   * @return NaN when no token is real: there is no reading
   */
  public static double logit(LinearProbe probe, float[][] activations, boolean[] real) {
    TokenMask mask = new TokenMask(real, activations.length);
    if (mask.count() == 0) {
      return Double.NaN;
    }
    return switch (probe.pooling().kind()) {
      case MEAN -> ofMean(probe, activations, mask);
      case CLS -> logit(probe, activations[mask.first()]);
      case LAST -> logit(probe, activations[mask.last()]);
      case MAX, TOP_K_MEAN, ROLLING_MAX, SOFTMAX, EMA ->
          TokenPooling.pool(probe.pooling(), logits(probe, activations, mask));
    };
  }

  private static double ofMean(LinearProbe probe, float[][] activations, TokenMask mask) {
    double logit = 0;
    for (int d = 0; d < probe.width(); d++) {
      double sum = 0;
      for (int token = mask.first(); token <= mask.last(); token++) {
        if (mask.isReal(token)) {
          checkWidth(probe, activations[token].length);
          sum += activations[token][d];
        }
      }
      logit += probe.weight(d) * (sum / mask.count());
    }
    return logit + probe.bias();
  }

  private static double[] logits(LinearProbe probe, float[][] activations, TokenMask mask) {
    double[] logits = new double[mask.count()];
    int next = 0;
    for (int token = mask.first(); token <= mask.last(); token++) {
      if (mask.isReal(token)) {
        logits[next++] = logit(probe, activations[token]);
      }
    }
    return logits;
  }

  private static void checkWidth(LinearProbe probe, int width) {
    if (width != probe.width()) {
      throw new InvalidValueException("activation", "the probe's width " + probe.width(), width);
    }
  }

  private ReferenceProbe() {}
}
