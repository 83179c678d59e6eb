package io.innerspan.benchmarks;

import java.util.List;

/**
 * The instructions of a prediction's thread, {@linkplain DjlConfiguration#against() against} those
 * of what a configuration is compared with.
 *
 * @param rounds instructions per prediction
 */
record InstructionCell(
    DjlEngine engine, DjlConfiguration configuration, Shape shape, List<PairedRound> rounds) {

  Estimate ratio() {
    return Bootstrap.estimate(List.of(rounds), PairedRound::medianRatio);
  }

  /** The median of what the configuration is compared with. */
  double baseline() {
    return Samples.median(Samples.concat(rounds.stream().map(PairedRound::baseline).toList()));
  }
}
