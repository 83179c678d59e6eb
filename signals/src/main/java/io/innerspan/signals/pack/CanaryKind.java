package io.innerspan.signals.pack;

import java.util.Locale;

/** What a canary stands for. */
public enum CanaryKind {
  /** What the model sees every day. */
  ORDINARY,
  /** An attack. */
  RED_TEAM;

  /** The name in a manifest and in telemetry. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
