package io.innerspan.signals.monitor;

import io.innerspan.signals.InvalidValueException;
import java.util.List;
import java.util.Set;

/**
 * Finds that too much goes wrong at once.
 *
 * @param rule of the findings
 * @param incidents what is counted
 * @param count so many are too many
 * @param seconds within so long
 */
public record SpikeMonitor(Rule rule, Set<Incident> incidents, long count, double seconds)
    implements Monitor {
  private static final long MAX_COUNT = 1_000_000_000;
  private static final double MAX_SECONDS = 7 * 24 * 3600;

  public SpikeMonitor {
    incidents = Set.copyOf(incidents);
    if (incidents.isEmpty()) {
      throw new InvalidValueException("incidents", "at least 1", "0");
    }
    MonitorChecks.allTraffic(rule, "what goes wrong is counted over all traffic");
    MonitorChecks.within("count", count, 1, MAX_COUNT);
    MonitorChecks.within("seconds", seconds, 1, MAX_SECONDS);
  }

  @Override
  public FindingKind kind() {
    return FindingKind.SPIKE;
  }

  @Override
  public List<Watched> watched() {
    return List.of();
  }
}
