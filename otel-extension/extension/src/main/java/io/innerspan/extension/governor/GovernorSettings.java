package io.innerspan.extension.governor;

/**
 * How much the signals behind gates may cost.
 *
 * @param rate the share of inferences for which the gates of dear signals are opened, from 0 to 1;
 *     below 0.01 it leaves the 99th percentile of the durations alone
 * @param budget the share of the model's own time that these signals may take in all, from 0 to 1
 */
public record GovernorSettings(double rate, double budget) {
  public GovernorSettings {
    fraction("sampling rate", rate);
    fraction("budget", budget);
  }

  private static void fraction(String what, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(what + ": expected from 0 to 1, found " + value);
    }
  }

  /** The inferences of which one is sampled; 0 when none is. */
  long period() {
    return rate == 0 ? 0 : Math.max(1, Math.round(1 / rate));
  }
}
