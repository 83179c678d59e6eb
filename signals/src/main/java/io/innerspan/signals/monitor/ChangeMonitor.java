package io.innerspan.signals.monitor;

import io.innerspan.signals.InvalidValueException;
import java.util.List;
import java.util.Set;

/**
 * Finds that a model or its tokenizer is another one than before, or than expected.
 *
 * @param rule of the findings
 * @param changes which of them it tells, instead of the monitors that need no declaration
 */
public record ChangeMonitor(Rule rule, Set<Change> changes) implements Monitor {
  public ChangeMonitor {
    changes = Set.copyOf(changes);
    if (changes.isEmpty()) {
      throw new InvalidValueException("changes", "at least 1", "0");
    }
    MonitorChecks.allTraffic(rule, "a change is not of some of the traffic");
  }

  @Override
  public FindingKind kind() {
    return FindingKind.MODEL_CHANGE;
  }

  @Override
  public List<Watched> watched() {
    return List.of();
  }
}
