package io.innerspan.benchmarks;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What signals cost in one engine at one shape, against the same engine without them.
 *
 * @param generations the rounds, by generation of processes
 */
record PeerCell(
    PeerEngine engine, PeerSignals signals, Shape shape, List<List<PairedRound>> generations) {
  Estimate p50Ratio() {
    return Bootstrap.estimate(generations, PairedRound::medianRatio);
  }

  /** The difference of medians in microseconds. */
  Estimate p50Difference() {
    return Bootstrap.estimate(generations, PairedRound::medianDifference);
  }

  /** The ratio of the 99th percentiles, or null when there are too few samples. */
  @Nullable Estimate p99Ratio() {
    return sampleCount() < OverheadCell.SAMPLES_FOR_P99
        ? null
        : Bootstrap.estimate(generations, rounds -> PairedRound.percentileRatio(rounds, 99));
  }

  /** The median latency in microseconds. */
  double p50() {
    return Samples.median(PairedRound.candidates(rounds()));
  }

  int sampleCount() {
    return PairedRound.candidates(rounds()).length;
  }

  private List<PairedRound> rounds() {
    return generations.stream().flatMap(List::stream).toList();
  }
}
