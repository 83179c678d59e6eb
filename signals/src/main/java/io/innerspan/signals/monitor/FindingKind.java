package io.innerspan.signals.monitor;

import java.util.Locale;

/** What kind of monitor raises a finding. */
public enum FindingKind {
  THRESHOLD,
  RATE,
  DISAGREEMENT,
  DRIFT,
  SPIKE,
  CANARY,
  MODEL_CHANGE;

  /** As packs and telemetry spell it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
