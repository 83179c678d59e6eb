package io.innerspan.signals.monitor;

import io.innerspan.signals.InvalidValueException;
import java.util.List;
import java.util.Set;

/**
 * Finds that a recorded input is read in another way than it was.
 *
 * @param rule of the findings
 * @param canaries the kinds of canaries that it tells of, as packs spell them, instead of the
 *     monitor that needs no declaration
 */
public record CanaryMonitor(Rule rule, Set<String> canaries) implements Monitor {
  public CanaryMonitor {
    canaries = Set.copyOf(canaries);
    if (canaries.isEmpty()) {
      throw new InvalidValueException("canaries", "at least 1", "0");
    }
    MonitorChecks.allTraffic(rule, "canaries are no traffic");
  }

  @Override
  public FindingKind kind() {
    return FindingKind.CANARY;
  }

  @Override
  public List<Watched> watched() {
    return List.of();
  }
}
