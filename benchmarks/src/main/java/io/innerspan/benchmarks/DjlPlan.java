package io.innerspan.benchmarks;

import io.innerspan.benchmarks.OverheadPlan.Rounds;

/**
 * How much is measured.
 *
 * @param rounds of each engine in each generation
 * @param generations how often all JVMs are started anew
 */
record DjlPlan(Rounds rounds, int generations) {
  static final DjlPlan FULL = new DjlPlan(new Rounds(new Shape(1, 128), 60, 5), 2);

  /** Within three minutes. */
  static final DjlPlan QUICK = new DjlPlan(new Rounds(new Shape(1, 128), 15, 5), 1);
}
