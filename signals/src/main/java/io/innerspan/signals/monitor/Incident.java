package io.innerspan.signals.monitor;

import java.util.Locale;

/** What goes wrong rather than being read. */
public enum Incident {
  /** An inference of the application failed. */
  ERROR,
  /** A row gave no reading, or a graft, signal or tap was refused. */
  REFUSAL,
  /** A grafted inference was given to the original model. */
  FALLBACK;

  /** As packs spell it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
