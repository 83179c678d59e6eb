package io.innerspan.signals.saliency;

/**
 * What is to be explained: a function's value at an input, compared with a baseline.
 *
 * @param function gives the value
 * @param input a vector
 * @param baseline a vector that stands for the absence of each part
 * @param width how many neighbouring elements are one part: 1 for features, the width of an
 *     embedding for tokens
 */
@SuppressWarnings("ArrayRecordComponent")
public record Subject(PointFunction function, double[] input, double[] baseline, int width) {
  public Subject {
    if (input.length != function.size() || baseline.length != function.size()) {
      throw new IllegalArgumentException(
          "expected vectors of "
              + function.size()
              + " elements, found an input of "
              + input.length
              + " and a baseline of "
              + baseline.length);
    }
    if (width < 1 || input.length % width != 0) {
      throw new IllegalArgumentException(
          "expected parts that "
              + input.length
              + " elements are made of, found parts of "
              + width
              + " elements");
    }
    input = input.clone();
    baseline = baseline.clone();
  }

  /** How many parts the input has. */
  public int parts() {
    return input.length / width;
  }

  /** An element of the way from the baseline, at 0, to the input, at 1. */
  double between(int element, double position) {
    return baseline[element] + position * (input[element] - baseline[element]);
  }

  /** A point of that way. */
  double[] between(double position) {
    double[] point = new double[input.length];
    for (int i = 0; i < point.length; i++) {
      point[i] = between(i, position);
    }
    return point;
  }

  /** The input with one part of the baseline. */
  double[] without(int part) {
    double[] point = input.clone();
    System.arraycopy(baseline, part * width, point, part * width, width);
    return point;
  }

  /** Per part, the sum over its elements of {@code slopes × (input − baseline)}. */
  double[] along(double[] slopes) {
    double[] sums = new double[parts()];
    for (int i = 0; i < slopes.length; i++) {
      sums[i / width] += slopes[i] * (input[i] - baseline[i]);
    }
    return sums;
  }

  /** The attribution of parts, with the values at both ends. */
  Attribution attribution(double[] parts) {
    double[][] ends = {input, baseline};
    double[] values = Batches.values(function, 2, end -> ends[end]);
    return new Attribution(parts, values[0], values[1]);
  }
}
