package io.innerspan.signals.saliency;

/**
 * How much each part of an input adds to a function's value, compared with a baseline.
 *
 * @param parts by part of the input, in its order
 * @param value of the function at the input
 * @param baselineValue of the function at the baseline
 */
@SuppressWarnings("ArrayRecordComponent")
public record Attribution(double[] parts, double value, double baselineValue) {
  public Attribution {
    parts = parts.clone();
  }

  @Override
  public double[] parts() {
    return parts.clone();
  }

  /**
   * How far the parts are from adding up to what there is to explain, relative to it: {@code |Σ
   * parts − (f(x) − f(x′))| / |f(x) − f(x′)|}. Not a number where there is nothing to explain.
   */
  public double completenessError() {
    double difference = value - baselineValue;
    double sum = 0;
    for (double part : parts) {
      sum += part;
    }
    return difference == 0 ? Double.NaN : Math.abs((sum - difference) / difference);
  }
}
