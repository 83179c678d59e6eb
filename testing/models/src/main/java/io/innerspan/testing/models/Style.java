package io.innerspan.testing.models;

/**
 * How the parts of a transformer are written.
 *
 * @param normFirst whether layers normalise before attention and feed-forward (pre-LN), else after
 */
public record Style(boolean normFirst, Norm norm, Linear linear, Attention attention) {
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

  /** How attention to keys and values is written. */
  public enum Attention {
    SPELLED_OUT,
    /** ONNX Runtime's MultiHeadAttention, which appends to the cache within. */
    MULTI_HEAD
  }

  public static final Style POST_NORM = spelledOut(false);
  public static final Style PRE_NORM = spelledOut(true);

  private static Style spelledOut(boolean normFirst) {
    return new Style(normFirst, Norm.LAYER_FUSED, Linear.PLAIN, Attention.SPELLED_OUT);
  }

  public Style with(Norm norm) {
    return new Style(normFirst, norm, linear, attention);
  }

  public Style with(Linear linear) {
    return new Style(normFirst, norm, linear, attention);
  }

  public Style with(Attention attention) {
    return new Style(normFirst, norm, linear, attention);
  }
}
