package io.innerspan.signals.reference;

import io.innerspan.signals.ActivationSummary;
import io.innerspan.signals.AttentionSummary;
import io.innerspan.signals.LayerLens;
import io.innerspan.signals.OutputConfidence;
import io.innerspan.signals.PopulationDistance;
import io.innerspan.signals.Probe;
import io.innerspan.signals.SaeFeatures;
import io.innerspan.signals.Signal;
import java.util.Arrays;

/** Any signal's values for one row of a batch, as its columns of a reading hold them. */
public final class ReferenceSignal {
  /**
   * The signal's values.
   *
   * @param row what the signal reads, at the signal's own hook points
   * @return in the order of {@link Signal#columnNames}; NaN where there is no reading: in all
   *     columns of a row whose tokens are all padding or excluded
   */
  public static double[] values(Signal signal, RowInputs row) {
    // Signal is sealed; patterns in switch come with a later Java.
    if (signal instanceof Probe probe) {
      float[][] activation = row.activation(probe.hookPoint());
      TokenMask tokens = row.select(probe.tokens(), activation.length);
      return new double[] {ReferenceProbe.logit(probe, activation, tokens)};
    }
    if (signal instanceof ActivationSummary summary) {
      return ReferenceSummary.values(summary, row);
    }
    if (signal instanceof AttentionSummary summary) {
      return ReferenceAttentionSummary.values(summary, row);
    }
    if (signal instanceof LayerLens lens) {
      return ReferenceLens.values(lens, row);
    }
    if (signal instanceof SaeFeatures features) {
      return ReferenceSaeFeatures.values(features, row);
    }
    if (signal instanceof OutputConfidence confidence) {
      return ReferenceConfidence.values(confidence, row);
    }
    return ReferenceDistance.values((PopulationDistance) signal, row);
  }

  /**
   * The first value of a signal that reads one activation.
   *
   * @param activations {@code [tokens][width]}
   * @param mask {@code [tokens]}, the row of the model's attention mask: 0 is padding
   * @return NaN when no token is real: there is no reading
   */
  public static double value(Signal signal, float[][] activations, long[] mask) {
    RowInputs row = RowInputs.of().mask(mask).activation(signal.hookPoint(), activations);
    return values(signal, row)[0];
  }

  /**
   * The first value of a signal that reads one activation.
   *
   * @param activations {@code [tokens][width]}
   * @param real {@code [tokens]}, which tokens are no padding
   * @return NaN when no token is real: there is no reading
   */
  public static double value(Signal signal, float[][] activations, boolean[] real) {
    long[] mask = new long[real.length];
    for (int token = 0; token < mask.length; token++) {
      mask[token] = real[token] ? 1 : 0;
    }
    return value(signal, activations, mask);
  }

  /** Which tokens an attention mask calls real: those that are not 0. */
  public static boolean[] real(long[] mask) {
    boolean[] real = new boolean[mask.length];
    for (int token = 0; token < mask.length; token++) {
      real[token] = mask[token] != 0;
    }
    return real;
  }

  static double[] absent(Signal signal) {
    double[] values = new double[signal.columnNames().size()];
    Arrays.fill(values, Double.NaN);
    return values;
  }

  private ReferenceSignal() {}
}
