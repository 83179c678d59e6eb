package io.innerspan.benchmarks;

import io.innerspan.benchmarks.OverheadPlan.Rounds;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * How much is measured.
 *
 * @param comparisons of each engine in each generation
 * @param generations how often all JVMs are started anew
 * @param warmUp what each JVM does first
 */
record DjlPlan(List<Comparison> comparisons, int generations, WarmUp warmUp) {
  /**
   * What is compared with what.
   *
   * @param baseline that runs before and after each of the others
   */
  record Comparison(Rounds rounds, DjlConfiguration baseline, Set<DjlConfiguration> others) {
    Comparison {
      others = Set.copyOf(others);
    }
  }

  /**
   * Enough that the compiler has seen what is done once in a prediction: on the smallest input, for
   * it counts calls and not their work, then on the one that is measured.
   *
   * @param predictions of the smallest input, at least
   * @param seconds that pass meanwhile, at least
   */
  record WarmUp(int predictions, double seconds) {}

  private static final Shape TEXT = new Shape(1, 128);

  /** So short that what is done once in a prediction shows. */
  static final Shape SHORTEST = new Shape(1, 2);

  /** Equal JVMs differ by about a hundredth, so that more of them say more than more rounds. */
  static final DjlPlan FULL = of(24, 40, 5, new WarmUp(6_000, 20));

  /** Within five minutes. */
  static final DjlPlan QUICK = of(15, 20, 1, new WarmUp(6_000, 0));

  private static DjlPlan of(int rounds, int roundsOfShort, int generations, WarmUp warmUp) {
    Set<DjlConfiguration> signals =
        EnumSet.of(
            DjlConfiguration.AA,
            DjlConfiguration.AGENT_ONLY,
            DjlConfiguration.PROBES_NORMS,
            DjlConfiguration.GATED_OFF);
    Set<DjlConfiguration> shut =
        EnumSet.of(
            DjlConfiguration.PLAIN_AGENT,
            DjlConfiguration.AGENT_ONLY_AA,
            DjlConfiguration.GATED_OFF);
    return new DjlPlan(
        List.of(
            new Comparison(new Rounds(TEXT, rounds, 5), DjlConfiguration.PLAIN_AGENT, signals),
            new Comparison(
                new Rounds(SHORTEST, roundsOfShort, 100), DjlConfiguration.AGENT_ONLY, shut)),
        generations,
        warmUp);
  }
}
