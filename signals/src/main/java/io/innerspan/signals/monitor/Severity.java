package io.innerspan.signals.monitor;

import java.util.Locale;

/** How bad it is if a finding is true. */
public enum Severity {
  INFORMATIONAL,
  LOW,
  MEDIUM,
  HIGH,
  CRITICAL;

  /** As packs and telemetry spell it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
