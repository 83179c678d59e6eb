package io.innerspan.signals.monitor;

import io.innerspan.signals.InvalidValueException;
import java.util.List;

/**
 * Finds that a value reaches a limit, once: it is armed again when the value has come back to
 * another limit.
 *
 * @param rule of the findings
 * @param value what is watched
 * @param side on which side of the limit it counts; the limit itself counts
 * @param limit the limit
 * @param clear from here on the monitor is armed again: the limit itself, or on its other side
 * @param consecutive so many readings in a row must count
 */
public record ThresholdMonitor(
    Rule rule, Watched value, Side side, double limit, double clear, int consecutive)
    implements Monitor {
  private static final int MAX_CONSECUTIVE = 1_000_000;

  public ThresholdMonitor {
    MonitorChecks.finite(side.label(), limit);
    MonitorChecks.finite("clear", clear);
    MonitorChecks.within("consecutive", consecutive, 1, MAX_CONSECUTIVE);
    if (side == Side.ABOVE ? clear > limit : clear < limit) {
      throw new InvalidValueException(
          "clear", (side == Side.ABOVE ? "at most " : "at least ") + limit, clear);
    }
  }

  @Override
  public FindingKind kind() {
    return FindingKind.THRESHOLD;
  }

  @Override
  public List<Watched> watched() {
    return List.of(value);
  }
}
