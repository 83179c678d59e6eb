package io.innerspan.signals.monitor;

import java.util.List;

/**
 * Finds that too large a share of the readings of a window reach a limit.
 *
 * @param rule of the findings
 * @param value what is watched
 * @param side on which side of the limit it counts; the limit itself counts
 * @param limit the limit of one reading
 * @param rate the share of the window, in (0, 1], that is too large
 * @param clearRate below this share, or at it, the monitor is armed again
 * @param window of a count or of seconds, not both
 */
public record RateMonitor(
    Rule rule, Watched value, Side side, double limit, double rate, double clearRate, Window window)
    implements Monitor {
  public RateMonitor {
    MonitorChecks.finite(side.label(), limit);
    MonitorChecks.rates(rate, clearRate);
    FiringWindow.check(window);
  }

  @Override
  public FindingKind kind() {
    return FindingKind.RATE;
  }

  @Override
  public List<Watched> watched() {
    return List.of(value);
  }
}
