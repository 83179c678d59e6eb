package io.innerspan.signals;

/**
 * Maps a probe's raw logit to a calibrated probability. Every calibration is strictly increasing,
 * so the row with the largest logit is the row with the largest score.
 */
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

  /**
   * Temperature scaling: {@code raw / t}.
   *
   * @param t the temperature, finite and above 0
   */
  record Temperature(double t) implements Calibration {
    public Temperature {
      Checks.positive("t", t);
    }

    @Override
    public double logit(double raw) {
      return raw / t;
    }
  }

  /**
   * Platt scaling: {@code a * raw + b}. Note the sign: a score rises with the logit, so {@code a}
   * is positive (Platt's paper and scikit-learn write {@code 1 / (1 + exp(A f + B))}).
   *
   * @param a the slope, finite and above 0
   * @param b the offset, finite
   */
  record Platt(double a, double b) implements Calibration {
    public Platt {
      Checks.positive("a", a);
      Checks.finite("b", b);
    }

    @Override
    public double logit(double raw) {
      return a * raw + b;
    }
  }
}
