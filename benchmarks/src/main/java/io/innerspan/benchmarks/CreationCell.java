package io.innerspan.benchmarks;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What was measured of one case.
 *
 * @param what the case
 * @param plain with the plain upstream agent, by round
 * @param again the same a second time, by round; empty where that was not measured
 * @param ours with Innerspan, by round
 */
record CreationCell(
    CreationCase what,
    List<CreationSample> plain,
    List<CreationSample> again,
    List<CreationSample> ours) {

  /** A round's samples. */
  private record Pair(CreationSample candidate, CreationSample baseline) {}

  Estimate plain(ToDoubleFunction<CreationSample> quantity) {
    return median(plain, quantity);
  }

  Estimate ours(ToDoubleFunction<CreationSample> quantity) {
    return median(ours, quantity);
  }

  /** The median over the rounds of what we take in proportion to the plain agent. */
  Estimate ratio(ToDoubleFunction<CreationSample> quantity) {
    return ratio(ours, quantity);
  }

  /** The same between equals. */
  Estimate noise(ToDoubleFunction<CreationSample> quantity) {
    return ratio(again, quantity);
  }

  private Estimate ratio(
      List<CreationSample> candidates, ToDoubleFunction<CreationSample> quantity) {
    List<Pair> pairs =
        IntStream.range(0, candidates.size())
            .mapToObj(round -> new Pair(candidates.get(round), plain.get(round)))
            .toList();
    return median(
        pairs,
        pair -> quantity.applyAsDouble(pair.candidate()) / quantity.applyAsDouble(pair.baseline()));
  }

  private static <T> Estimate median(List<T> rounds, ToDoubleFunction<T> quantity) {
    return Bootstrap.estimate(
        List.of(rounds), drawn -> Samples.median(drawn.stream().mapToDouble(quantity).toArray()));
  }
}
