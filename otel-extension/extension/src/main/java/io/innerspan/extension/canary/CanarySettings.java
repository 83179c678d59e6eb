package io.innerspan.extension.canary;

/**
 * What the user set about canaries.
 *
 * @param periodSeconds how often each canary of a model is replayed; 0 for never
 * @param budget the share of time that one thread may spend on it, in [0, 1]
 */
public record CanarySettings(double periodSeconds, double budget) {
  public CanarySettings {
    if (!(periodSeconds >= 0) || !(budget >= 0 && budget <= 1)) {
      throw new IllegalArgumentException(
          "expected no negative period and a share, found " + periodSeconds + " and " + budget);
    }
  }

  /** Whether anything is replayed. */
  public boolean isOn() {
    return periodSeconds > 0 && budget > 0;
  }
}
