package io.innerspan.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/**
 * Percentile bootstrap in two stages: whole generations of JVMs are drawn first, then rounds within
 * each, because the rounds of one JVM share its memory layout and its compiled code.
 */
final class Bootstrap {
  private static final int RESAMPLES = 2_000;
  private static final long SEED = 20_261_101;

  /**
   * Estimates a statistic.
   *
   * @param generations the rounds of each generation, at least one round in each
   * @param statistic of the rounds of all generations
   */
  static <T> Estimate estimate(
      List<List<T>> generations, ToDoubleFunction<? super List<T>> statistic) {
    Random random = new Random(SEED);
    double[] resampled = new double[RESAMPLES];
    for (int i = 0; i < RESAMPLES; i++) {
      List<T> drawn = new ArrayList<>();
      for (int g = 0; g < generations.size(); g++) {
        List<T> generation = draw(generations, random);
        for (int r = 0; r < generation.size(); r++) {
          drawn.add(draw(generation, random));
        }
      }
      resampled[i] = statistic.applyAsDouble(drawn);
    }
    return new Estimate(
        statistic.applyAsDouble(generations.stream().flatMap(List::stream).toList()),
        Samples.percentile(resampled, 2.5),
        Samples.percentile(resampled, 97.5));
  }

  private static <E> E draw(List<E> elements, Random random) {
    return elements.get(random.nextInt(elements.size()));
  }

  private Bootstrap() {}
}
