package io.innerspan.benchmarks;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one configuration costs at one shape and number of threads, {@linkplain
 * Configuration#against() against} what it is compared with.
 *
 * @param sampling which signals were computed for which inferences
 * @param generations its rounds, by generation of JVMs
 * @param added what it adds in Java; null where nothing is of ours
 */
record OverheadCell(
    Configuration configuration,
    Shape shape,
    int threads,
    OverheadPlan.Sampling sampling,
    List<List<PairedRound>> generations,
    @Nullable AddedCost added) {
  /** Fewer samples say nothing about the slowest hundredth. */
  static final int SAMPLES_FOR_P99 = 500;

  Estimate p50Ratio() {
    return Bootstrap.estimate(generations, PairedRound::medianRatio);
  }

  /** The difference of medians in microseconds. */
  Estimate p50Difference() {
    return Bootstrap.estimate(generations, PairedRound::medianDifference);
  }

  /** The ratio of the 99th percentiles, or null when there are too few samples. */
  @Nullable Estimate p99Ratio() {
    return samples().length < SAMPLES_FOR_P99
        ? null
        : Bootstrap.estimate(generations, rounds -> PairedRound.percentileRatio(rounds, 99));
  }

  /** The median latency in microseconds. */
  double p50() {
    return Samples.median(samples());
  }

  int sampleCount() {
    return samples().length;
  }

  private double[] samples() {
    return PairedRound.candidates(generations.stream().flatMap(List::stream).toList());
  }
}
