package io.innerspan.signals.reference;

import io.innerspan.signals.AttentionProbe;
import io.innerspan.signals.InvalidValueException;
import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Mlp;
import io.innerspan.signals.MlpProbe;
import io.innerspan.signals.Probe;
import org.jspecify.annotations.Nullable;

/** A probe's raw logit, before calibration. */
public final class ReferenceProbe {
  /**
   * The logit of one activation: of a linear readout the token's own, whatever the pooling; of an
   * attention probe that of a row of this token alone.
   *
   * @param activation {@code [width]}
   */
  public static double logit(Probe probe, float[] activation) {
    checkWidth(probe, activation.length);
    // Probe is sealed; patterns in switch come with a later Java.
    if (probe instanceof LinearProbe linear) {
      return dot(linear, transformed(null, activation));
    }
    if (probe instanceof MlpProbe mlp) {
      return dot(mlp.readout(), transformed(mlp.mlp(), activation));
    }
    AttentionProbe attention = (AttentionProbe) probe;
    return ReferenceAttention.logit(
        attention, new double[][] {transformed(attention.mlp(), activation)});
  }

  /**
   * The logit of one row of a batch by the probe's pooling; other tokens never take part.
   *
   * @param activations {@code [tokens][width]}
   * @param real {@code [tokens]}, which tokens take part: no padding by the attention mask, and not
   *     excluded by {@link Probe#tokens}
   * @return NaN when no token is real: there is no reading
   */
  public static double logit(Probe probe, float[][] activations, boolean[] real) {
    return logit(probe, activations, new TokenMask(real, activations.length));
  }

  static double logit(Probe probe, float[][] activations, TokenMask mask) {
    if (mask.count() == 0) {
      return Double.NaN;
    }
    if (probe instanceof LinearProbe linear) {
      return pooled(linear, tokens(probe, null, activations, mask));
    }
    if (probe instanceof MlpProbe mlp) {
      return pooled(mlp.readout(), tokens(probe, mlp.mlp(), activations, mask));
    }
    AttentionProbe attention = (AttentionProbe) probe;
    return ReferenceAttention.logit(attention, tokens(probe, attention.mlp(), activations, mask));
  }

  /** What the probe reads of each real token, {@code [n][d]}. */
  private static double[][] tokens(
      Probe probe, @Nullable Mlp mlp, float[][] activations, TokenMask mask) {
    double[][] tokens = new double[mask.count()][];
    int next = 0;
    for (int token = mask.first(); token <= mask.last(); token++) {
      if (mask.isReal(token)) {
        checkWidth(probe, activations[token].length);
        tokens[next++] = transformed(mlp, activations[token]);
      }
    }
    return tokens;
  }

  private static double[] transformed(@Nullable Mlp mlp, float[] activation) {
    if (mlp != null) {
      return ReferenceMlp.apply(mlp, activation);
    }
    return RowInputs.doubles(activation);
  }

  private static double pooled(LinearProbe probe, double[][] tokens) {
    return switch (probe.pooling().kind()) {
      case MEAN -> ofMean(probe, tokens);
      case CLS -> dot(probe, tokens[0]);
      case LAST -> dot(probe, tokens[tokens.length - 1]);
      case MAX, TOP_K_MEAN, ROLLING_MAX, SOFTMAX, EMA -> {
        double[] logits = new double[tokens.length];
        for (int token = 0; token < tokens.length; token++) {
          logits[token] = dot(probe, tokens[token]);
        }
        yield TokenPooling.pool(probe.pooling(), logits);
      }
    };
  }

  private static double dot(LinearProbe probe, double[] token) {
    double sum = 0;
    for (int d = 0; d < token.length; d++) {
      sum += probe.weight(d) * token[d];
    }
    return sum + probe.bias();
  }

  private static double ofMean(LinearProbe probe, double[][] tokens) {
    double logit = 0;
    for (int d = 0; d < probe.width(); d++) {
      double sum = 0;
      for (double[] token : tokens) {
        sum += token[d];
      }
      logit += probe.weight(d) * (sum / tokens.length);
    }
    return logit + probe.bias();
  }

  private static void checkWidth(Probe probe, int width) {
    if (width != probe.width()) {
      throw new InvalidValueException("activation", "the probe's width " + probe.width(), width);
    }
  }

  private ReferenceProbe() {}
}
