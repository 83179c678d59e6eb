package io.innerspan.benchmarks;

import java.util.List;

/**
 * One round of one configuration: its latencies, and those of the baseline just before and after.
 * Both in the same unit, in the order of measurement.
 */
@SuppressWarnings("ArrayRecordComponent") // Never changed nor compared.
record PairedRound(double[] candidate, double[] baseline) {

  /** The candidate's median to the baseline's: what drifts in both cancels. */
  double ratio() {
    return Samples.median(candidate) / Samples.median(baseline);
  }

  /** The candidate's median less the baseline's. */
  double difference() {
    return Samples.median(candidate) - Samples.median(baseline);
  }

  static double medianRatio(List<PairedRound> rounds) {
    return Samples.median(rounds.stream().mapToDouble(PairedRound::ratio).toArray());
  }

  static double medianDifference(List<PairedRound> rounds) {
    return Samples.median(rounds.stream().mapToDouble(PairedRound::difference).toArray());
  }

  /** A percentile over all rounds to that of the baseline. */
  static double percentileRatio(List<PairedRound> rounds, double percent) {
    return Samples.percentile(candidates(rounds), percent)
        / Samples.percentile(
            Samples.concat(rounds.stream().map(PairedRound::baseline).toList()), percent);
  }

  static double[] candidates(List<PairedRound> rounds) {
    return Samples.concat(rounds.stream().map(PairedRound::candidate).toList());
  }
}
