package io.innerspan.workbench.data;

import java.util.EnumMap;
import java.util.Map;

/**
 * What each part gets of the positive rows and of the others.
 *
 * @param positive by part, above 0, sum 1
 * @param other by part, above 0, sum 1
 */
public record Shares(Map<Part, Double> positive, Map<Part, Double> other) {
  /**
   * Benign rows go foremost to calibration: a threshold is certified by their number, and the more
   * there are, the fewer outliers decide it. Positive rows go foremost to training.
   */
  public static final Shares DEFAULT =
      new Shares(
          Map.of(Part.TRAIN, .50, Part.VALIDATION, .12, Part.CALIBRATION, .13, Part.TEST, .25),
          Map.of(Part.TRAIN, .31, Part.VALIDATION, .08, Part.CALIBRATION, .37, Part.TEST, .24));

  public Shares {
    positive = checked(positive);
    other = checked(other);
  }

  double of(Part part, boolean positives) {
    Double share = (positives ? positive : other).get(part);
    return share == null ? 0 : share;
  }

  private static Map<Part, Double> checked(Map<Part, Double> shares) {
    double sum = shares.values().stream().mapToDouble(Double::doubleValue).sum();
    if (shares.size() != Part.values().length
        || shares.values().stream().anyMatch(share -> !(share > 0))
        || Math.abs(sum - 1) > 1e-9) {
      throw new IllegalArgumentException(
          "expected a positive share of each part, sum 1, found " + new EnumMap<>(shares));
    }
    return Map.copyOf(shares);
  }
}
