package io.innerspan.signals;

import java.util.List;

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
   * @param weights {@code [out, in]}, row by row
   * @param biases {@code [out]}
   */
  public record Layer(Floats weights, Floats biases) {
    public Layer {
      if (biases.isEmpty() || weights.isEmpty() || weights.size() % biases.size() != 0) {
        throw new InvalidValueException(
            "mlp.weight", "a multiple of the bias's " + biases.size() + " values", weights.size());
      }
    }

    /** A layer of copies. */
    public Layer(float[] weight, float[] bias) {
      this(Floats.of("mlp.weight", weight), Floats.of("mlp.bias", bias));
    }

    /** A copy of the weights, {@code [out, in]}. */
    public float[] weight() {
      return weights.toArray();
    }

    /** The weight from input {@code in} to output {@code out}. */
    public float weight(int out, int in) {
      return weights.get(out * in() + in);
    }

    /** A copy of the biases, {@code [out]}. */
    public float[] bias() {
      return biases.toArray();
    }

    /** The width that goes in. */
    public int in() {
      return weights.size() / biases.size();
    }

    /** The width that comes out. */
    public int out() {
      return biases.size();
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
