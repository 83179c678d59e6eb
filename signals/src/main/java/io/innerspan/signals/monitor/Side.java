package io.innerspan.signals.monitor;

import java.util.Locale;

/** On which side of a limit a value counts. */
public enum Side {
  ABOVE,
  BELOW;

  /** As packs and telemetry spell it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether a value lies on this side of the limit, or on it. */
  boolean holds(double value, double limit) {
    return this == ABOVE ? value >= limit : value <= limit;
  }
}
