package io.innerspan.signals.saliency;

import java.util.Arrays;
import java.util.stream.Collectors;

/** What stands for the absence of a part. */
public enum Baseline {
  /** Zeros. */
  ZERO("zero"),

  /** The mean over the parts of the input: for features, of all of them. */
  MEAN("mean"),

  /** For tokens, what the model makes of padding; for features, which have none, zeros. */
  PADDING("padding");

  private final String value;

  Baseline(String value) {
    this.value = value;
  }

  /** Its name in settings and telemetry. */
  public String value() {
    return value;
  }

  /**
   * The baseline of a name.
   *
   * @throws IllegalArgumentException when there is none
   */
  public static Baseline of(String value) {
    for (Baseline baseline : values()) {
      if (baseline.value.equals(value)) {
        return baseline;
      }
    }
    throw new IllegalArgumentException(
        "expected one of "
            + Arrays.stream(values()).map(Baseline::value).collect(Collectors.joining(", "))
            + ", found "
            + value);
  }

  /** The mean part of an input, in the place of each part. */
  public static double[] mean(double[] input, int width) {
    double[] mean = new double[width];
    for (int i = 0; i < input.length; i++) {
      mean[i % width] += input[i] * width / input.length;
    }
    double[] baseline = new double[input.length];
    Arrays.setAll(baseline, i -> mean[i % width]);
    return baseline;
  }
}
