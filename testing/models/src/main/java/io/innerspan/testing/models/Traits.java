package io.innerspan.testing.models;

/**
 * What a model is, as its author knows it.
 *
 * @param family the kind of network
 * @param layers transformer layers, encoder and decoder together; 0 in other networks
 * @param heads attention heads of a layer, or 0
 * @param width of the residual stream, or of the last hidden layer in other networks
 * @param classes of the output: the vocabulary of a language model, or 0 for a model of hidden
 *     states
 * @param minOrt the oldest of the supported ONNX Runtime versions that runs it
 */
public record Traits(
    Family family, int layers, int heads, int width, int classes, OrtVersion minOrt) {
  /** The kind of network. */
  public enum Family {
    ENCODER,
    DECODER,
    ENCODER_DECODER,
    VISION_TRANSFORMER,
    CNN,
    TABULAR
  }

  /** The versions of ONNX Runtime that are supported. */
  public enum OrtVersion {
    V1_12_1("1.12.1"),
    V1_17_3("1.17.3"),
    V1_20_0("1.20.0"),
    V1_29_0("1.29.0");

    private final String number;

    OrtVersion(String number) {
      this.number = number;
    }

    /** As in the names of its artifacts: {@code 1.12.1}. */
    public String number() {
      return number;
    }

    /**
     * @throws IllegalArgumentException for a version that is not listed
     */
    public static OrtVersion of(String number) {
      for (OrtVersion version : values()) {
        if (version.number.equals(number)) {
          return version;
        }
      }
      throw new IllegalArgumentException("expected one of the supported versions, found " + number);
    }
  }

  static Traits transformer(Family family, int layers, int classes, OrtVersion minOrt) {
    return new Traits(family, layers, Blocks.HEADS, Blocks.WIDTH, classes, minOrt);
  }
}
