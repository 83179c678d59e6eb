package io.innerspan.signals;

import org.jspecify.annotations.Nullable;

/**
 * A score from which on a probe's positive label holds.
 *
 * @param score the smallest calibrated score that counts as positive, in [0, 1]
 * @param targetFpr the false-positive rate that the threshold was chosen for, in (0, 1)
 * @param certificate what separate benign data say of the true rate, or null when nothing was
 *     measured
 */
public record Threshold(double score, double targetFpr, @Nullable Certificate certificate) {
  public Threshold {
    if (!(score >= 0 && score <= 1)) {
      throw new InvalidValueException("score", "a number from 0 to 1", score);
    }
    Checks.fraction("target_fpr", targetFpr);
  }

  /** A threshold of which nothing was measured. */
  public Threshold(double score, double targetFpr) {
    this(score, targetFpr, null);
  }

  /**
   * A bound on the true false-positive rate.
   *
   * @param n the independent benign examples that were measured, at least 1
   * @param fprUpperBound with {@code confidence}, the true rate is at most this, in (0, 1]
   * @param confidence the confidence of the bound, in (0, 1)
   */
  public record Certificate(long n, double fprUpperBound, double confidence) {
    public Certificate {
      if (n < 1) {
        throw new InvalidValueException("n", "at least 1", n);
      }
      if (!(fprUpperBound > 0 && fprUpperBound <= 1)) {
        throw new InvalidValueException(
            "fpr_upper_bound", "a number above 0 and at most 1", fprUpperBound);
      }
      Checks.fraction("confidence", confidence);
    }
  }
}
