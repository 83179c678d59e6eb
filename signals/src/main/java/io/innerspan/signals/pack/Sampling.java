package io.innerspan.signals.pack;

import java.util.Locale;

/** How often a pack wants a signal to be computed. */
public enum Sampling {
  /** As often as it is cheap enough: a dear signal may be computed for some inferences only. */
  AUTO,
  /** For every inference, whatever it costs. */
  ALWAYS;

  /** The name in a manifest. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
