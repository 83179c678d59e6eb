package io.innerspan.workbench.learn;

/**
 * {@code logit = weight · x + bias}.
 *
 * @param weight by feature
 * @param bias the offset
 */
@SuppressWarnings("ArrayRecordComponent")
public record LinearModel(double[] weight, double bias) {
  /** The logit of one dense row. */
  public double logit(float[] x) {
    double sum = bias;
    for (int d = 0; d < weight.length; d++) {
      sum += weight[d] * x[d];
    }
    return sum;
  }

  /** The logits of dense rows. */
  public double[] logits(float[][] rows) {
    double[] logits = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      logits[i] = logit(rows[i]);
    }
    return logits;
  }
}
