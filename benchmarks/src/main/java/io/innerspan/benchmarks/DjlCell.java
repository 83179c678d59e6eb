package io.innerspan.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What one configuration costs with one engine, {@linkplain DjlConfiguration#against() against}
 * what it is compared with.
 *
 * @param computed the time that the predicting thread computed, by generation of JVMs
 * @param wall the time that went by, in the same order
 */
record DjlCell(
    DjlEngine engine,
    DjlConfiguration configuration,
    Shape shape,
    List<List<PairedRound>> computed,
    List<List<PairedRound>> wall) {
  /**
   * The cells of an engine and a shape.
   *
   * @param generations rounds whose numbers are pairs, of the time computed and the time gone by
   */
  static List<DjlCell> all(
      DjlEngine engine, Shape shape, List<Map<DjlConfiguration, List<PairedRound>>> generations) {
    List<DjlCell> cells = new ArrayList<>();
    for (DjlConfiguration configuration : generations.get(0).keySet()) {
      List<List<PairedRound>> pairs =
          generations.stream()
              .map(generation -> generation.getOrDefault(configuration, List.of()))
              .toList();
      cells.add(new DjlCell(engine, configuration, shape, every(pairs, 0), every(pairs, 1)));
    }
    return cells;
  }

  /** Of each pair the first or the second. */
  private static List<List<PairedRound>> every(List<List<PairedRound>> generations, int which) {
    return generations.stream()
        .map(rounds -> rounds.stream().map(round -> every(round, which)).toList())
        .toList();
  }

  private static PairedRound every(PairedRound round, int which) {
    return new PairedRound(every(round.candidate(), which), every(round.baseline(), which));
  }

  private static double[] every(double[] pairs, int which) {
    return IntStream.range(0, pairs.length / 2).mapToDouble(i -> pairs[2 * i + which]).toArray();
  }

  Estimate computedRatio() {
    return Bootstrap.estimate(computed, PairedRound::medianRatio);
  }

  Estimate wallRatio() {
    return Bootstrap.estimate(wall, PairedRound::medianRatio);
  }

  /** What a prediction's thread computes more than in the baseline, in microseconds. */
  Estimate added() {
    return Bootstrap.estimate(computed, PairedRound::medianDifference);
  }

  /** The median of what a prediction's thread computes in the baseline, in microseconds. */
  double baseline() {
    return Samples.median(
        Samples.concat(
            computed.stream().flatMap(List::stream).map(PairedRound::baseline).toList()));
  }

  int sampleCount() {
    return computed.stream()
        .flatMap(List::stream)
        .mapToInt(round -> round.candidate().length)
        .sum();
  }
}
