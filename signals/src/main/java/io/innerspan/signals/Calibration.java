package io.innerspan.signals;

/** Maps a probe's raw logit to a calibrated probability. */
public sealed interface Calibration {
  /** The calibrated logit. */
  double logit(double raw);

  /** The calibrated score in [0, 1]: the logistic function of the calibrated logit. */
  default double score(double raw) {
    return 1 / (1 + Math.exp(-logit(raw)));
  }

  /** No calibration: the raw logit. */
  record None() implements Calibration {
    @Override
    public double logit(double raw) {
      return raw;
    }
  }

  /** Temperature scaling: {@code raw / t}. */
  record Temperature(double t) implements Calibration {
    @Override
    public double logit(double raw) {
      return raw / t;
    }
  }

  /** Platt scaling: {@code a * raw + b}. */
  record Platt(double a, double b) implements Calibration {
    @Override
    public double logit(double raw) {
      return a * raw + b;
    }
  }
}
