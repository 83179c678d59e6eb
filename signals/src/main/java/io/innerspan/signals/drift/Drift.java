package io.innerspan.signals.drift;

/**
 * A drift that was found.
 *
 * @param signal which of the watched signals, counted from 0; −1 for all together
 * @param method how: a {@link DriftMethod}'s label, or of charts {@code cusum_mean}, {@code
 *     cusum_spread} or {@code cusum_tail}
 * @param direction 1 above the baseline, −1 below, 0 neither
 * @param score what was compared with the limit
 * @param limit the limit
 * @param effect how large it is: the shift of the mean in standard deviations of the baseline, the
 *     ratio of the variance to the baseline's, the share of values beyond the baseline's outermost
 *     bin; of windows the score
 * @param pValue at most so often would the monitor find as much in a week without drift
 * @param count how many values it is about
 * @param sinceNanos when the first of them came, by the clock of {@link DriftDetector#offer}
 */
public record Drift(
    int signal,
    String method,
    int direction,
    double score,
    double limit,
    double effect,
    double pValue,
    long count,
    long sinceNanos) {
  /** The same of another signal. */
  Drift of(int other) {
    return new Drift(other, method, direction, score, limit, effect, pValue, count, sinceNanos);
  }
}
