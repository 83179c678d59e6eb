package io.innerspan.recorder;

/**
 * What the cache tells of the tokens of one generation: runs are given the cache, so each run tells
 * what the ones before it have put in. Guarded by its generation's lock.
 */
final class StepTokens {
  private static final long UNKNOWN = -1;

  private final long first;
  private long second = UNKNOWN;
  private long last;
  private int steps;
  private boolean answered;

  /**
   * @param first how many tokens are in the cache that the first run is given
   */
  StepTokens(long first) {
    this.first = first;
    this.last = first;
  }

  /**
   * Whether a run goes on with this text: its cache holds more than the first run's did. Usually
   * that one's was empty.
   */
  boolean isContinuedBy(long cached) {
    return cached > first;
  }

  /** A run begins. */
  void step(long cached) {
    if (steps == 1) {
      second = cached;
    }
    last = cached;
    steps++;
  }

  /** A run has ended, with an answer or not. */
  void ended(boolean withAnswer) {
    answered = withAnswer;
  }

  /** The tokens that the first run put into the cache; known from the second run on. */
  long prompt() {
    return second - first;
  }

  /** The tokens that were fed after the first run, the last run's one, and the last answer. */
  long generated() {
    long fed = steps == 1 ? 0 : Math.max(0, last - second) + 1;
    return fed + (answered ? 1 : 0);
  }
}
