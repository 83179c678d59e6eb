package io.innerspan.recorder;

import io.innerspan.signals.Reading;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import java.util.Arrays;

/** The probes over the steps of a generation. Guarded by its generation's lock. */
final class ProbeSteps {
  /** The attributes that {@link #write} sets of a probe. */
  static final int ATTRIBUTES = 2;

  private final ProbeRecorder[] probes;
  private final double[] largest;
  private final int[] peaks;
  private final double[] sums;
  private final int[] counts;

  ProbeSteps(ProbeRecorder[] probes) {
    this.probes = probes;
    this.largest = new double[probes.length];
    this.peaks = new int[probes.length];
    this.sums = new double[probes.length];
    this.counts = new int[probes.length];
    Arrays.fill(largest, Double.NaN);
  }

  /** Takes a step's reading and looks for crossings in it. */
  void add(Reading reading, int step, Context context, Crossings crossings) {
    for (int i = 0; i < probes.length; i++) {
      double logit = probes[i].findCrossings(reading, context, crossings);
      if (!(largest[i] >= logit) && !Double.isNaN(logit)) {
        largest[i] = logit;
        peaks[i] = step;
      }
      probes[i].average(reading, this, i);
    }
  }

  /** Takes the score of one row. */
  void average(int probe, double score) {
    sums[probe] += score;
    counts[probe]++;
  }

  /** The largest logit of a probe; NaN when no row of no step has one. */
  double largest(int probe) {
    return largest[probe];
  }

  /** Puts where the largest score was, and the mean, on the span. */
  void write(Span span, int probe) {
    probes[probe].writeSteps(span, peaks[probe], sums[probe] / counts[probe]);
  }
}
