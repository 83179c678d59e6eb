package io.innerspan.signals.drift;

import java.util.Locale;

/** How drift is looked for. */
public enum DriftMethod {
  /** Charts of mean, spread and tails, reading by reading. */
  CUSUM,
  /** The population stability index of a window. */
  PSI,
  /** The Kolmogorov–Smirnov distance of a window. */
  KS,
  /** The Mahalanobis distance of the means of several signals over a window. */
  MAHALANOBIS;

  /** As packs and findings spell it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
