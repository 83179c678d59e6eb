package io.innerspan.workbench.sae;

import java.util.Arrays;

/** One batch: its reconstruction, and the gradients of {@code Σ‖x − x̂‖² / (n d)}. */
final class Step {
  private final float[] x;
  private final SaeWeights weights;
  private final SparseCode code;
  private final int width;

  /** {@code x̂ − x}, {@code [n, width]}. */
  private final float[] error;

  private final double[] squaredErrors;

  /**
   * @param x scaled activations less the decoder's bias, {@code [n, width]}
   */
  Step(float[] x, SaeWeights weights, SparseCode code) {
    this.x = x;
    this.weights = weights;
    this.code = code;
    width = weights.width();
    error = new float[x.length];
    squaredErrors = new double[code.rows()];
    for (int row = 0; row < code.rows(); row++) {
      int from = row * width;
      for (int i = code.splits()[row]; i < code.splits()[row + 1]; i++) {
        Vectors.add(
            error, from, code.values()[i], weights.decoder, code.features()[i] * width, width);
      }
      Vectors.add(error, from, -1, x, from, width);
      squaredErrors[row] = Vectors.dot(error, from, error, from, width);
    }
  }

  SparseCode code() {
    return code;
  }

  /** ‖x − x̂‖² by row. */
  double[] squaredErrors() {
    return squaredErrors.clone();
  }

  /** What the autoencoder leaves of a row, {@code x − x̂}. */
  float[] residual(int row) {
    float[] residual = Arrays.copyOfRange(error, row * width, (row + 1) * width);
    for (int d = 0; d < width; d++) {
      residual[d] = -residual[d];
    }
    return residual;
  }

  /** Σ‖x − x̄‖² of the batch. */
  double variance() {
    double[] sum = new double[width];
    double squares = 0;
    for (int row = 0; row < code.rows(); row++) {
      for (int d = 0; d < width; d++) {
        float value = x[row * width + d];
        sum[d] += value;
        squares += (double) value * value;
      }
    }
    double means = 0;
    for (double each : sum) {
      means += each * each;
    }
    return squares - means / code.rows();
  }

  /** Adds the gradients to the weights' own. */
  void backward() {
    float scale = 2f / error.length;
    for (int row = 0; row < code.rows(); row++) {
      int from = row * width;
      Vectors.add(weights.decoderBiasGradient, 0, scale, error, from, width);
      for (int i = code.splits()[row]; i < code.splits()[row + 1]; i++) {
        int feature = code.features()[i];
        int at = feature * width;
        float activation = scale * Vectors.dot(error, from, weights.decoder, at, width);
        float output = scale * code.values()[i];
        Vectors.add(weights.decoderGradient, at, output, error, from, width);
        Vectors.add(weights.encoderGradient, at, activation, x, from, width);
        weights.encoderBiasGradient[feature] += activation;
        // The decoder's bias is subtracted before encoding.
        Vectors.add(weights.decoderBiasGradient, 0, -activation, weights.encoder, at, width);
      }
    }
  }
}
