package io.innerspan.benchmarks;

/**
 * How long a receiver is away.
 *
 * @param rate inferences a second
 * @param seconds of the outage
 * @param warmUp seconds before it
 */
record OutagePlan(int rate, int seconds, int warmUp) {
  static final OutagePlan FULL = new OutagePlan(50, 300, 30);
  static final OutagePlan QUICK = new OutagePlan(50, 20, 5);
}
