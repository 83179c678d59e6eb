package io.innerspan.extension.governor;

/** Shuts gates that are usually open for a few inferences, to learn what they cost. Thread-safe. */
final class Trials {
  private static final int LEARNING = 8;
  private static final int KNOWN = 512;

  private final long seed;
  private volatile int stride = LEARNING;

  Trials(long seed) {
    this.seed = seed;
  }

  /** The cost of the gates that are open now is known well enough. */
  void settled() {
    stride = KNOWN;
  }

  boolean isSettled() {
    return stride == KNOWN;
  }

  /** Other gates are open from now on. */
  void unsettled() {
    stride = LEARNING;
  }

  /**
   * The gates to be open for an inference.
   *
   * @param usual the bits of those that usually are, at least one
   */
  long open(long inference, long usual) {
    int current = stride;
    long turn = inference / current;
    if (inference % current != Long.remainderUnsigned(Mix.of(turn ^ seed), current)) {
      return usual;
    }
    return turn % 2 == 0 ? 0 : usual & ~one(usual, turn / 2);
  }

  /** One of some gates, by turns. */
  static long one(long gates, long turn) {
    long left = gates;
    int count = Long.bitCount(left);
    if (count == 0) {
      return 0;
    }
    for (long skip = turn % count; skip > 0; skip--) {
      left &= left - 1;
    }
    return Long.lowestOneBit(left);
  }
}
