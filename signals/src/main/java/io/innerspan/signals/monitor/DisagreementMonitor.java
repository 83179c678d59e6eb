package io.innerspan.signals.monitor;

import java.util.List;

/**
 * Finds that two values which should be equal differ too much in too large a share of the readings
 * of a window, such as a probe's score and the model's own confidence.
 *
 * @param rule of the findings
 * @param first one value
 * @param second the other
 * @param limit the difference, above 0, from which on they disagree
 * @param rate the share of the window, in (0, 1], that is too large
 * @param clearRate below this share, or at it, the monitor is armed again
 * @param window of a count or of seconds, not both
 */
public record DisagreementMonitor(
    Rule rule,
    Watched first,
    Watched second,
    double limit,
    double rate,
    double clearRate,
    Window window)
    implements Monitor {
  public DisagreementMonitor {
    MonitorChecks.within("limit", limit, Double.MIN_VALUE, Double.MAX_VALUE);
    MonitorChecks.rates(rate, clearRate);
    FiringWindow.check(window);
  }

  @Override
  public FindingKind kind() {
    return FindingKind.DISAGREEMENT;
  }

  @Override
  public List<Watched> watched() {
    return List.of(first, second);
  }
}
