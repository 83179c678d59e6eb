package io.innerspan.benchmarks;

import io.innerspan.benchmarks.application.PacedLoop;

/**
 * How long a receiver is away.
 *
 * @param rate inferences a second
 * @param seconds of the outage
 * @param warmUp seconds before it
 */
record OutagePlan(int rate, int seconds, int warmUp) {
  static final OutagePlan FULL = new OutagePlan(50, 300, 30);
  static final OutagePlan QUICK = new OutagePlan(50, 20, 6);

  /** How many inferences the measured application runs, with those that fail. */
  long spans() {
    int pairs =
        warmUp / PacedLoop.SECONDS_BETWEEN_FAILURES + seconds / PacedLoop.SECONDS_BETWEEN_FAILURES;
    return (long) rate * (warmUp + seconds) + (long) pairs * PacedLoop.FAILURES;
  }
}
