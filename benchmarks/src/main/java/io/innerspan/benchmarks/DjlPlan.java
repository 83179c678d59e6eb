package io.innerspan.benchmarks;

import io.innerspan.benchmarks.OverheadPlan.Rounds;
import java.util.List;

/**
 * How much is measured.
 *
 * @param shapes what is measured of each engine in each generation
 * @param generations how often all JVMs are started anew
 * @param warmUp what each JVM does first
 */
record DjlPlan(List<Rounds> shapes, int generations, WarmUp warmUp) {
  /**
   * Enough that the compiler has seen what is done once in a prediction: on the smallest input, for
   * it counts calls and not their work, then on the one that is measured.
   *
   * @param predictions of the smallest input, at least
   * @param seconds that pass meanwhile, at least
   */
  record WarmUp(int predictions, double seconds) {}

  /** As long as a text. */
  static final Shape TEXT = new Shape(1, 128);

  /** So short that what is done once in a prediction shows. */
  static final Shape SHORTEST = new Shape(1, 2);

  static final DjlPlan FULL = of(30, 10, 3, new WarmUp(6_000, 20));

  /** Within five minutes. */
  static final DjlPlan QUICK = of(15, 10, 1, new WarmUp(6_000, 0));

  private static DjlPlan of(int rounds, int roundsOfShort, int generations, WarmUp warmUp) {
    return new DjlPlan(
        List.of(new Rounds(TEXT, rounds, 5), new Rounds(SHORTEST, roundsOfShort, 100)),
        generations,
        warmUp);
  }
}
