package io.innerspan.signals.reference;

import java.util.function.UnaryOperator;

/** What a model makes of the output of its last layer: final norm, unembedding or classifier. */
@FunctionalInterface
public interface ModelTail {
  /**
   * The logits that the model would give for this activation.
   *
   * @param activation {@code [tokens][width]}, a row's, padding included
   * @return {@code [tokens][answers]}, or {@code [1][answers]} if the model's logits have no tokens
   */
  double[][] logits(double[][] activation);

  /** The tail that treats each token by itself, such as a final norm and an unembedding. */
  static ModelTail ofToken(UnaryOperator<double[]> logits) {
    return activation -> {
      double[][] all = new double[activation.length][];
      for (int token = 0; token < all.length; token++) {
        all[token] = logits.apply(activation[token]);
      }
      return all;
    };
  }
}
