package io.innerspan.signals.monitor;

import org.jspecify.annotations.Nullable;

/**
 * What a watch has found, before it is known whether it is held back.
 *
 * @param about what of the monitor repeats: a value's name where it watches several; else empty
 * @param sinceNanos when the first of the readings came
 */
record Found(
    String about,
    @Nullable String signal,
    double confidence,
    double score,
    double threshold,
    String direction,
    double effectSize,
    double pValue,
    @Nullable String method,
    long count,
    long sinceNanos,
    @Nullable String baseline,
    long baselineCount) {
  /** Of anything but drift. */
  static Found plain(
      @Nullable String signal,
      double confidence,
      double score,
      double threshold,
      String direction,
      long count,
      long sinceNanos) {
    return new Found(
        "",
        signal,
        confidence,
        score,
        threshold,
        direction,
        Double.NaN,
        Double.NaN,
        null,
        count,
        sinceNanos,
        null,
        0);
  }
}
