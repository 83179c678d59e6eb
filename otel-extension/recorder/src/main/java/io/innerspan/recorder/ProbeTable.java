package io.innerspan.recorder;

import io.innerspan.signals.Reading;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.context.Context;
import java.util.Arrays;
import java.util.List;

/**
 * All probes of one layout, with what every inference asks of each side by side in memory. Between
 * two inferences a model's weights push all of it out of the processor's caches, so that a look at
 * hundreds of recorders would cost more than what they do. Immutable.
 */
final class ProbeTable {
  private final ProbeRecorder[] probes;
  private final int[] signals;
  private final double[] leastPositive;
  private final ProbeScales scales;
  private final List<AttributeKey<Double>> scoreKeys;
  private final int attributes;

  ProbeTable(List<ProbeRecorder> probes) {
    this.probes = probes.toArray(ProbeRecorder[]::new);
    this.signals = probes.stream().mapToInt(ProbeRecorder::signal).toArray();
    this.leastPositive = probes.stream().mapToDouble(ProbeRecorder::leastPositive).toArray();
    this.scales = new ProbeScales(probes.stream().map(ProbeRecorder::calibration).toList());
    this.scoreKeys = probes.stream().map(ProbeRecorder::scoreKey).toList();
    this.attributes =
        probes.size()
            + (int) Arrays.stream(leastPositive).filter(least -> !Double.isNaN(least)).count();
  }

  /** How many probes there are. */
  int size() {
    return probes.length;
  }

  /** A probe by its place. */
  ProbeRecorder probe(int probe) {
    return probes[probe];
  }

  /** How many attributes the scores and labels of all probes are. */
  int attributes() {
    return attributes;
  }

  /** The largest logit of each probe, which has the largest score; NaN where no row has one. */
  float[] largest(Reading reading) {
    float[] largest = new float[probes.length];
    reading.maxValues(signals, largest);
    return largest;
  }

  /**
   * Counts and offers the rows that reach a threshold.
   *
   * @param largest as {@link #largest} found them in the reading
   */
  void findCrossings(Reading reading, float[] largest, Context context, Crossings crossings) {
    for (int probe = 0; probe < probes.length; probe++) {
      if (isPositive(probe, largest[probe])) {
        probes[probe].findCrossings(reading, context, crossings);
      }
    }
  }

  /** Whether the logit's score reaches the probe's threshold; never without one. */
  boolean isPositive(int probe, double logit) {
    return logit >= leastPositive[probe];
  }

  /** The logit after calibration: it orders what different probes say as their scores do. */
  float calibrated(int probe, double logit) {
    return (float) scales.logit(probe, logit);
  }

  /**
   * Puts the score and label of a logit on the span.
   *
   * @param everyLabel whether the negative label is written too, not only the positive one
   */
  void write(Span span, int probe, double logit, boolean everyLabel) {
    span.setAttribute(scoreKeys.get(probe), scales.score(probe, logit));
    boolean isPositive = isPositive(probe, logit);
    if (isPositive || (everyLabel && !Double.isNaN(leastPositive[probe]))) {
      probes[probe].writeLabel(span, isPositive);
    }
  }
}
