package io.innerspan.recorder;

import io.innerspan.signals.Reading;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import java.util.Arrays;

/** The probes over the steps of a generation. Guarded by its generation's lock. */
final class ProbeSteps {
  /** The attributes that {@link #write} sets of a probe. */
  static final int ATTRIBUTES = 2;

  private final ProbeTable probes;
  private final float[] largest;
  private final int[] peaks;
  private final double[] sums;
  private final int[] counts;

  ProbeSteps(ProbeTable probes) {
    this.probes = probes;
    this.largest = new float[probes.size()];
    this.peaks = new int[probes.size()];
    this.sums = new double[probes.size()];
    this.counts = new int[probes.size()];
    Arrays.fill(largest, Float.NaN);
  }

  /** Takes a step's reading and looks for crossings in it. */
  void add(Reading reading, int step, Context context, Crossings crossings) {
    float[] logits = probes.largest(reading);
    probes.findCrossings(reading, logits, context, crossings);
    for (int i = 0; i < logits.length; i++) {
      if (!(largest[i] >= logits[i]) && !Float.isNaN(logits[i])) {
        largest[i] = logits[i];
        peaks[i] = step;
      }
      probes.probe(i).average(reading, this, i);
    }
  }

  /** Takes the score of one row. */
  void average(int probe, double score) {
    sums[probe] += score;
    counts[probe]++;
  }

  /** The largest logit of each probe; NaN when no row of no step has one. */
  float[] largest() {
    return largest;
  }

  /** Puts where the largest score was, and the mean, on the span. */
  void write(Span span, int probe) {
    probes.probe(probe).writeSteps(span, peaks[probe], sums[probe] / counts[probe]);
  }
}
