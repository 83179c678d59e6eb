package io.innerspan.testing.models;

/**
 * How the parts of a transformer are written.
 *
 * @param normFirst whether layers normalise before attention and feed-forward (pre-LN), else after
 */
public record Style(boolean normFirst, Norm norm, Linear linear) {
  /** How normalisations are written. */
  public enum Norm {
    /** The operator LayerNormalization: opset 17. */
    LAYER_FUSED,
    /** LayerNorm of elementary operators, as exporters before opset 17 write it. */
    LAYER_SPELLED_OUT,
    /** A call of a function that the model defines. */
    LAYER_FUNCTION,
    /** The operator RMSNormalization: opset 23. */
    RMS_FUSED,
    RMS_SPELLED_OUT,
    /** ONNX Runtime's SimplifiedLayerNormalization, which it keeps in the standard domain. */
    RMS_SIMPLIFIED
  }

  /** How products with weights are written. */
  public enum Linear {
    PLAIN,
    /** Weights of 8 bits and activations through QuantizeLinear and DequantizeLinear. */
    QDQ,
    /** DynamicQuantizeLinear and MatMulInteger. */
    DYNAMIC
  }

  public static final Style POST_NORM = new Style(false, Norm.LAYER_FUSED, Linear.PLAIN);
  public static final Style PRE_NORM = new Style(true, Norm.LAYER_FUSED, Linear.PLAIN);

  public Style with(Norm norm) {
    return new Style(normFirst, norm, linear);
  }

  public Style with(Linear linear) {
    return new Style(normFirst, norm, linear);
  }
}
