package io.innerspan.signals;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Layers that are applied to each token's activation by itself: {@code y = ReLU(W · x + b)}.
 *
 * @param layers at least one; each as wide as the one before is out
 */
public record Mlp(List<Layer> layers) {
  private static final int MOST_LAYERS = 8;

  /**
   * One layer.
   *
   * @param weight {@code [out, in]}, row by row, finite; copied on the way in and out
   * @param bias {@code [out]}, finite; copied on the way in and out
   */
  @SuppressWarnings("ArrayRecordComponent") // copied on the way in and out, compared by content
  public record Layer(float[] weight, float[] bias) {
    public Layer {
      weight = Checks.weights("mlp.weight", weight);
      bias = Checks.weights("mlp.bias", bias);
      if (weight.length % bias.length != 0) {
        throw new InvalidValueException(
            "mlp.weight", "a multiple of the bias's " + bias.length + " values", weight.length);
      }
    }

    /** A copy of the weights, {@code [out, in]}. */
    @Override
    public float[] weight() {
      return weight.clone();
    }

    /** A copy of the biases, {@code [out]}. */
    @Override
    public float[] bias() {
      return bias.clone();
    }

    /** The width that goes in. */
    public int in() {
      return weight.length / bias.length;
    }

    /** The width that comes out. */
    public int out() {
      return bias.length;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Layer that
          && Arrays.equals(weight, that.weight)
          && Arrays.equals(bias, that.bias);
    }

    @Override
    public int hashCode() {
      return 31 * Arrays.hashCode(weight) + Arrays.hashCode(bias);
    }

    @Override
    public String toString() {
      return in() + " to " + out();
    }
  }

  public Mlp {
    layers = List.copyOf(layers);
    if (layers.isEmpty() || layers.size() > MOST_LAYERS) {
      throw new InvalidValueException("mlp", "from 1 to " + MOST_LAYERS + " layers", layers.size());
    }
    for (int l = 1; l < layers.size(); l++) {
      if (layers.get(l).in() != layers.get(l - 1).out()) {
        throw new InvalidValueException(
            "mlp[" + l + "]",
            "a layer of the width " + layers.get(l - 1).out() + " that the one before gives",
            layers.get(l).in());
      }
    }
  }

  /** The width of the activation that goes in. */
  public int in() {
    return layers.get(0).in();
  }

  /** The width that comes out. */
  public int out() {
    return layers.get(layers.size() - 1).out();
  }
}
