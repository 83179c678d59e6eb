package io.innerspan.signals;

import java.util.List;

/**
 * Maps a probe's raw logit to a calibrated probability. No calibration ever decreases, so the row
 * with the largest logit has the largest score; but an {@link Isotonic} one gives the same score to
 * a whole range of logits, so that rows with equal scores need not have equal logits.
 */
public sealed interface Calibration {
  /** The calibrated logit; infinite for a score of 0 or 1. */
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

  /**
   * Isotonic regression: the score is interpolated between points, and that of the first or last
   * point beyond them, as scikit-learn's {@code IsotonicRegression} with {@code
   * out_of_bounds="clip"} does.
   *
   * @param points 2 to 4,096, with strictly ascending logits and scores that never descend
   */
  record Isotonic(List<Point> points) implements Calibration {
    private static final int MOST_POINTS = 4096;

    /**
     * A point of the curve.
     *
     * @param logit the raw logit, finite
     * @param score in [0, 1]
     */
    public record Point(double logit, double score) {
      public Point {
        Checks.finite("logit", logit);
        if (!(score >= 0 && score <= 1)) {
          throw new InvalidValueException("score", "a number from 0 to 1", score);
        }
      }
    }

    public Isotonic {
      points = List.copyOf(points);
      if (points.size() < 2 || points.size() > MOST_POINTS) {
        throw new InvalidValueException("points", "from 2 to " + MOST_POINTS, points.size());
      }
      for (int i = 1; i < points.size(); i++) {
        Point before = points.get(i - 1);
        Point point = points.get(i);
        if (point.logit() <= before.logit() || point.score() < before.score()) {
          throw new InvalidValueException(
              "points[" + i + "]", "a larger logit and no smaller score than " + before, point);
        }
      }
    }

    @Override
    public double logit(double raw) {
      double score = score(raw);
      return Math.log(score / (1 - score));
    }

    @Override
    public double score(double raw) {
      if (Double.isNaN(raw)) {
        return raw;
      }
      int low = 0;
      int high = points.size() - 1;
      if (raw <= points.get(low).logit()) {
        return points.get(low).score();
      }
      if (raw >= points.get(high).logit()) {
        return points.get(high).score();
      }
      while (high - low > 1) {
        int middle = (low + high) >>> 1;
        if (points.get(middle).logit() <= raw) {
          low = middle;
        } else {
          high = middle;
        }
      }
      Point from = points.get(low);
      Point to = points.get(high);
      double share = (raw - from.logit()) / (to.logit() - from.logit());
      // Never beyond the next point, whatever rounding does: the curve must not descend.
      return Math.min(to.score(), from.score() + share * (to.score() - from.score()));
    }
  }
}
