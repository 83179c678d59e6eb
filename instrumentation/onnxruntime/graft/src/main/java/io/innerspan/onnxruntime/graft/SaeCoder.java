package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.Floats;
import io.innerspan.signals.Sae;
import io.innerspan.signals.Sae.Activation;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The encoder and the decoder of one sparse autoencoder. */
final class SaeCoder {
  /** Below this version ScatterElements is called Scatter. */
  private static final int SCATTER_ELEMENTS = 11;

  private static final int FEATURE_AXIS = 2;

  private final OverlayGraph graph;
  private final Sae sae;
  private final @Nullable String decoderNorms;

  SaeCoder(OverlayGraph graph, Sae sae) {
    this.graph = graph;
    this.sae = sae;
    decoderNorms =
        sae.activation() instanceof Activation.TopK topK && topK.rescaleByDecoderNorm()
            ? vector(feature -> decoderNorm(sae, feature))
            : null;
  }

  /**
   * Encodes activations.
   *
   * @param input normalised, float {@code [batch, n, in]}
   * @return the features' activations, none below 0: float {@code [batch, n, features]}
   */
  String encode(String input) {
    String centred =
        sae.subtractDecoderBias()
            ? graph.node("Sub", List.of(input, vector(sae.decoderBias())))
            : input;
    String encoder = graph.weights(sae.encoder(), sae.in(), sae.features());
    String product = graph.node("MatMul", List.of(centred, encoder));
    // Activation is sealed; patterns in switch come with a later Java.
    if (sae.activation() instanceof Activation.TopK topK) {
      return topK(plus(product, topK.bias()), topK.k());
    }
    if (sae.activation() instanceof Activation.JumpRelu jump) {
      return jump(plus(product, jump.bias()), jump);
    }
    if (sae.activation() instanceof Activation.Gated gated) {
      return gated(product, gated);
    }
    return relu(plus(product, ((Activation.Standard) sae.activation()).bias()));
  }

  private String topK(String pre, int k) {
    String compared = decoderNorms == null ? pre : graph.node("Mul", List.of(pre, decoderNorms));
    TopValues top = TopValues.of(graph, compared, k, FEATURE_AXIS);
    String zeros = graph.node("Mul", List.of(compared, graph.constant(0)));
    return graph.node(
        graph.opset() >= SCATTER_ELEMENTS ? "ScatterElements" : "Scatter",
        List.of(zeros, top.indices(), relu(top.values())),
        OverlayGraph.integer("axis", FEATURE_AXIS));
  }

  private String jump(String pre, Activation.JumpRelu jump) {
    // Above the threshold and above 0, in one comparison.
    String bound = vector(feature -> Math.max(0, jump.threshold().get(feature)));
    return orZero(graph.node("Greater", List.of(pre, bound)), pre);
  }

  private String gated(String product, Activation.Gated gated) {
    String shut = vector(feature -> -gated.gateBias().get(feature));
    String scale = vector(feature -> (float) Math.exp(gated.magnitudeScale().get(feature)));
    String scaled = graph.node("Mul", List.of(product, scale));
    String magnitude = relu(plus(scaled, gated.magnitudeBias()));
    return orZero(graph.node("Greater", List.of(product, shut)), magnitude);
  }

  /**
   * Decodes features; the normalisation is not undone.
   *
   * @return float {@code [batch, n, in]}
   */
  String decode(String features) {
    String weights =
        decoderNorms == null ? features : graph.node("Div", List.of(features, decoderNorms));
    String decoder = graph.weights(sae.decoder(), sae.features(), sae.in());
    return plus(graph.node("MatMul", List.of(weights, decoder)), sae.decoderBias());
  }

  private static float decoderNorm(Sae sae, int feature) {
    double squares = 0;
    for (int i = feature * sae.in(); i < (feature + 1) * sae.in(); i++) {
      squares += (double) sae.decoder().get(i) * sae.decoder().get(i);
    }
    return (float) Math.sqrt(squares);
  }

  private String relu(String tensor) {
    return graph.node("Relu", List.of(tensor));
  }

  private String plus(String tensor, Floats bias) {
    return graph.node("Add", List.of(tensor, vector(bias)));
  }

  private String orZero(String condition, String tensor) {
    return graph.node("Where", List.of(condition, tensor, graph.constant(0)));
  }

  private String vector(Floats values) {
    return graph.weights(values, values.size());
  }

  /** A number for each feature. */
  private String vector(FeatureValue value) {
    float[] values = new float[sae.features()];
    for (int feature = 0; feature < values.length; feature++) {
      values[feature] = value.of(feature);
    }
    return graph.floats(values, values.length);
  }

  /** What a feature's number is. */
  @FunctionalInterface
  private interface FeatureValue {
    float of(int feature);
  }
}
