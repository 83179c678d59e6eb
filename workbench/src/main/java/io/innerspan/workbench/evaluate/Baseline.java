package io.innerspan.workbench.evaluate;

/** A simpler way of scoring, which a probe must beat. */
interface Baseline {
  /** Its name in documents: lowercase words joined by underscores. */
  String key();

  /** Its name for people. */
  String title();

  /** Whether it can say anything of the sample. */
  default boolean applies(Sample sample) {
    return true;
  }

  /** How many seeds its numbers are the mean of: one where nothing of it is drawn. */
  default int draws() {
    return 1;
  }

  /**
   * Learns from one sample and scores another; no row is in both.
   *
   * @param seed of whatever is drawn
   * @return by row of {@code test}; greater means more likely positive
   */
  double[] scores(Sample train, Sample test, long seed);
}
