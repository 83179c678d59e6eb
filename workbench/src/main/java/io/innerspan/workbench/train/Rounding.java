package io.innerspan.workbench.train;

import io.innerspan.signals.AttentionProbe;
import io.innerspan.signals.Floats;
import io.innerspan.signals.Mlp;
import io.innerspan.signals.MlpProbe;
import io.innerspan.signals.Probe;
import io.innerspan.signals.reference.Tolerance;
import io.innerspan.workbench.learn.TokenBags;

/**
 * Whether engines can agree on the logits of a network: large terms that cancel each other leave
 * rounding where the logit should be. Each product is weighed as for a linear probe: single
 * precision errs by about 2⁻²³ of the size of its terms.
 */
final class Rounding {
  /** What single precision errs by, relative to the terms that it sums. */
  static final double UNIT = 0x1p-23;

  private static final int TEXTS = 200;

  /** Whether the mean error that is to be expected stays within the tolerance of engines. */
  static boolean isStable(Probe probe, TokenBags bags) {
    int texts = Math.min(TEXTS, bags.count());
    double sum = 0;
    for (int i = 0; i < texts; i++) {
      sum += error(probe, tokens(bags, (int) ((long) i * bags.count() / texts)));
    }
    return sum / texts <= Tolerance.FP32.allowed(0);
  }

  /** A text's tokens, {@code [tokens][width]}. */
  static float[][] tokens(TokenBags bags, int text) {
    float[] flat = new float[bags.tokens(text) * bags.width()];
    bags.copy(text, flat);
    float[][] tokens = new float[bags.tokens(text)][bags.width()];
    for (int t = 0; t < tokens.length; t++) {
      System.arraycopy(flat, t * bags.width(), tokens[t], 0, bags.width());
    }
    return tokens;
  }

  /** The error of one text's logit. */
  private static double error(Probe probe, float[][] tokens) {
    double sum = 0;
    for (float[] token : tokens) {
      sum +=
          probe instanceof MlpProbe mlp ? error(mlp, token) : error((AttentionProbe) probe, token);
    }
    return sum / tokens.length;
  }

  /** The errors of the units add up like those of independent sums. */
  private static double error(MlpProbe probe, float[] token) {
    Mlp.Layer layer = probe.mlp().layers().get(0);
    double squares = 0;
    for (int h = 0; h < layer.out(); h++) {
      double error =
          UNIT * terms(layer.weights(), h * layer.in(), token) * probe.readout().weight(h);
      squares += error * error;
    }
    return Math.sqrt(squares);
  }

  private static double error(AttentionProbe probe, float[] token) {
    double squares = 0;
    for (int head = 0; head < probe.heads(); head++) {
      double value = terms(probe.values(), head * token.length, token);
      double query =
          probe.queries().isEmpty() ? 0 : terms(probe.queries(), head * token.length, token);
      squares += UNIT * UNIT * (value * value + query * query);
    }
    return Math.sqrt(squares);
  }

  private static double terms(Floats weights, int from, float[] token) {
    double sum = 0;
    for (int d = 0; d < token.length; d++) {
      sum += Math.abs((double) weights.get(from + d) * token[d]);
    }
    return sum;
  }

  private Rounding() {}
}
