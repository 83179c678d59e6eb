package io.innerspan.signals.monitor;

import io.innerspan.signals.InvalidValueException;
import java.util.concurrent.TimeUnit;

/**
 * The readings that are looked at together: so many, or those of so long.
 *
 * @param count how many, or 0 when the time says it
 * @param seconds how long, or 0 when the number says it
 * @param minimum fewer readings say nothing
 */
public record Window(long count, double seconds, long minimum) {
  private static final long MAX_COUNT = 1_000_000;
  private static final double MAX_SECONDS = 7 * 24 * 3600;

  public Window {
    if (count == 0 && seconds == 0) {
      throw new InvalidValueException("window", "a count or seconds", "neither");
    }
    MonitorChecks.within("window.count", count, 0, MAX_COUNT);
    MonitorChecks.within("window.seconds", seconds, 0, MAX_SECONDS);
    if (seconds > 0 && seconds < 1) {
      throw new InvalidValueException("window.seconds", "at least 1", seconds);
    }
    MonitorChecks.within("window.minimum", minimum, 1, count == 0 ? MAX_COUNT : count);
  }

  /** So many readings, no fewer. */
  public static Window ofCount(long count) {
    return new Window(count, 0, Math.max(1, count));
  }

  /** Readings of so long, if they are at least so many. */
  public static Window ofSeconds(double seconds, long minimum) {
    return new Window(0, seconds, minimum);
  }

  long nanos() {
    return (long) (seconds * TimeUnit.SECONDS.toNanos(1));
  }
}
