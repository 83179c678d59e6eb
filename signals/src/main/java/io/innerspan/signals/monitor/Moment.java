package io.innerspan.signals.monitor;

import java.time.Instant;

/**
 * A point in time, told twice.
 *
 * @param nanos by a clock that measures durations, from any beginning
 * @param epochMillis by the clock on the wall, which may be set at any time
 */
public record Moment(long nanos, long epochMillis) {
  /** On the wall's clock. */
  Instant instant() {
    return Instant.ofEpochMilli(epochMillis);
  }

  /** When that was by the wall's clock of now, never after now. */
  Instant at(long earlierNanos) {
    long elapsed = nanos - earlierNanos;
    return elapsed <= 0 ? instant() : instant().minusNanos(elapsed);
  }
}
