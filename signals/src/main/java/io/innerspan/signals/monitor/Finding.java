package io.innerspan.signals.monitor;

import io.innerspan.signals.InvalidValueException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a monitor raises. Numbers that are not known are NaN.
 *
 * @param id unique for one occurrence: 32 hexadecimal digits
 * @param dedupKey the same for all repetitions: 32 hexadecimal digits
 * @param kind of the monitor
 * @param rule what the monitor says of its findings
 * @param signal the signal that it is about, or null when there is not just one
 * @param confidence the calibrated probability that it is true, in [0, 1], or NaN
 * @param score what was compared
 * @param threshold with what
 * @param direction {@code above}, {@code below} or {@code change}
 * @param effectSize of drift, or NaN
 * @param pValue of drift, or NaN
 * @param method of drift, or null
 * @param count how many readings it is about
 * @param windowStart when the first of them came
 * @param windowEnd when the last of them came
 * @param baseline the baseline's id, of a change the digest before it, or null
 * @param baselineCount how many values that is made of, or 0
 * @param suppressed how many were held back since the last one
 * @param cohort the slice of the traffic that it is about, or null for all
 */
public record Finding(
    String id,
    String dedupKey,
    FindingKind kind,
    Rule rule,
    @Nullable String signal,
    double confidence,
    double score,
    double threshold,
    String direction,
    double effectSize,
    double pValue,
    @Nullable String method,
    long count,
    Instant windowStart,
    Instant windowEnd,
    @Nullable String baseline,
    long baselineCount,
    long suppressed,
    @Nullable String cohort) {
  /** The direction of what has no sides. */
  public static final String CHANGE = "change";

  /**
   * That a model or its tokenizer is another one than before, or than expected.
   *
   * @param before the digest that was there before, or is expected
   */
  public static Finding modelChange(
      String id, String dedupKey, Rule rule, Instant when, String before, long suppressed) {
    return new Finding(
        id,
        dedupKey,
        FindingKind.MODEL_CHANGE,
        rule,
        null,
        Double.NaN,
        Double.NaN,
        Double.NaN,
        CHANGE,
        Double.NaN,
        Double.NaN,
        null,
        0,
        when,
        when,
        before,
        0,
        suppressed,
        null);
  }

  /**
   * That a recorded input is read in another way than it was.
   *
   * @param signal whose reading has moved farthest, or null
   * @param deviation in units of what is allowed
   * @param baseline what it was compared with
   */
  public static Finding canary(
      String id,
      String dedupKey,
      Rule rule,
      @Nullable String signal,
      double deviation,
      Instant when,
      String baseline,
      long suppressed) {
    return new Finding(
        id,
        dedupKey,
        FindingKind.CANARY,
        rule,
        signal,
        Double.NaN,
        deviation,
        1,
        Side.ABOVE.label(),
        Double.NaN,
        Double.NaN,
        null,
        1,
        when,
        when,
        baseline,
        1,
        suppressed,
        null);
  }

  public Finding {
    if (windowEnd.isBefore(windowStart)) {
      throw new InvalidValueException(
          "window", "an end after its start, " + windowStart, windowEnd);
    }
  }
}
