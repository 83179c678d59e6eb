package io.innerspan.signals.reference;

/** The activation norm: the mean over a row's real tokens of the L2 norm of the activation. */
public final class ReferenceNorm {
  /**
   * The norm of one row of a batch.
   *
   * @param activations {@code [tokens][width]}
   * @param real {@code [tokens]}, which tokens are no padding, by the attention mask
   * @return NaN when no token is real: there is no reading
   */
  public static double value(float[][] activations, boolean[] real) {
    TokenMask mask = new TokenMask(real, activations.length);
    if (mask.count() == 0) {
      return Double.NaN;
    }
    double sum = 0;
    for (int token = mask.first(); token <= mask.last(); token++) {
      if (mask.isReal(token)) {
        sum += l2(activations[token]);
      }
    }
    return sum / mask.count();
  }

  private static double l2(float[] activation) {
    double squares = 0;
    for (float value : activation) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares);
  }

  private ReferenceNorm() {}
}
