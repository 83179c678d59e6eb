package io.innerspan.djl.maths;

import io.innerspan.signals.Floats;
import io.innerspan.signals.Sae;
import io.innerspan.signals.Sae.Activation;
import org.jspecify.annotations.Nullable;

/** A sparse autoencoder of activations {@code [batch, tokens, in]}, by the equations of SAELens. */
final class SaeMaths<T> {
  private static final double LAYER_NORM_EPSILON = 1e-5;

  private final Algebra<T> algebra;
  private final Sae sae;
  private final T x;
  private @Nullable T shift;
  private @Nullable T scale;

  SaeMaths(Algebra<T> algebra, Sae sae, T x) {
    this.algebra = algebra;
    this.sae = sae;
    this.x = x;
  }

  /** The features {@code [batch, tokens, features]}. */
  T features() {
    T in = normalized();
    if (sae.subtractDecoderBias()) {
      in = algebra.subtract(in, row(sae.decoderBias()));
    }
    T encoder = algebra.constant(sae.encoder().toArray(), sae.in(), sae.features());
    T products = algebra.matmul(in, encoder);
    if (sae.activation() instanceof Activation.TopK topK) {
      return topK(topK, algebra.add(products, row(topK.bias())));
    }
    if (sae.activation() instanceof Activation.JumpRelu jump) {
      T pre = algebra.add(products, row(jump.bias()));
      T over = algebra.greater(algebra.subtract(pre, row(jump.threshold())), 0);
      return algebra.where(over, algebra.relu(pre), 0);
    }
    if (sae.activation() instanceof Activation.Gated gated) {
      T open = algebra.greater(algebra.add(products, row(gated.gateBias())), 0);
      T scaled = algebra.multiply(products, row(exponentials(gated.magnitudeScale())));
      T magnitudes = algebra.relu(algebra.add(scaled, row(gated.magnitudeBias())));
      return algebra.where(open, magnitudes, 0);
    }
    Activation.Standard standard = (Activation.Standard) sae.activation();
    return algebra.relu(algebra.add(products, row(standard.bias())));
  }

  /** {@code ‖x − x̂‖₂ / ‖x‖₂} of {@link #features}, 64 bits, {@code [batch, tokens]}. */
  T error(T features) {
    T weights = rescales() ? algebra.divide(features, row(decoderNorms())) : features;
    T decoder = algebra.constant(sae.decoder().toArray(), sae.features(), sae.in());
    T out = algebra.add(algebra.matmul(weights, decoder), row(sae.decoderBias()));
    out = scale == null ? out : algebra.multiply(out, scale);
    out = shift == null ? out : algebra.add(out, shift);
    T distance = algebra.twice(algebra.norm(algebra.subtract(x, out)));
    return algebra.divide(distance, algebra.twice(algebra.norm(x)));
  }

  private T normalized() {
    switch (sae.normalization()) {
      case CONSTANT_NORM_RESCALE -> {
        T norm = algebra.unsqueeze(algebra.norm(x), 2);
        T unit = algebra.multiply(norm, 1 / Math.sqrt(sae.in()));
        scale = unit;
        return algebra.divide(x, unit);
      }
      case LAYER_NORM -> {
        T mean = algebra.unsqueeze(algebra.mean(x, 2), 2);
        T centred = algebra.subtract(x, mean);
        T squares = algebra.sum(algebra.multiply(centred, centred), 2);
        T deviation =
            algebra.unsqueeze(algebra.sqrt(algebra.multiply(squares, 1.0 / (sae.in() - 1))), 2);
        shift = mean;
        scale = deviation;
        return algebra.divide(centred, algebra.add(deviation, LAYER_NORM_EPSILON));
      }
      case NONE, EXPECTED_AVERAGE_ONLY_IN -> {
        return x;
      }
    }
    throw new IllegalStateException("no normalisation " + sae.normalization());
  }

  private T topK(Activation.TopK topK, T biased) {
    T pre = rescales() ? algebra.multiply(biased, row(decoderNorms())) : biased;
    T largest = algebra.largest(pre, topK.k(), 2);
    T least = algebra.slice(largest, 2, topK.k() - 1, topK.k());
    return algebra.where(algebra.lessOrEqual(least, pre), algebra.relu(pre), 0);
  }

  private boolean rescales() {
    return sae.activation() instanceof Activation.TopK topK && topK.rescaleByDecoderNorm();
  }

  private float[] decoderNorms() {
    float[] norms = new float[sae.features()];
    for (int f = 0; f < norms.length; f++) {
      double squares = 0;
      for (int i = 0; i < sae.in(); i++) {
        double weight = sae.decoder().get(f * sae.in() + i);
        squares += weight * weight;
      }
      norms[f] = (float) Math.sqrt(squares);
    }
    return norms;
  }

  private static float[] exponentials(Floats values) {
    float[] result = new float[values.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = (float) Math.exp(values.get(i));
    }
    return result;
  }

  private T row(Floats values) {
    return row(values.toArray());
  }

  private T row(float[] values) {
    return algebra.constant(values, 1, 1, values.length);
  }
}
