package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.Floats;
import io.innerspan.signals.Sae;
import io.innerspan.signals.Sae.Activation;
import java.util.List;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The encoder and the decoder of one sparse autoencoder. */
final class SaeCoder {
  /** Below this version ScatterElements is called Scatter. */
  private static final int SCATTER_ELEMENTS = 11;

  private static final int FEATURE_AXIS = 2;

  /**
   * From this many features per active one on, only the rows of the decoder that count are read.
   */
  private static final int SPARSE = 32;

  /** The most steps in which they are gathered. */
  private static final int MOST_STEPS = 8;

  private final OverlayGraph graph;
  private final Sae sae;
  private final Scope.@Nullable Tokens tokens;
  private final @Nullable String decoderNorms;

  /**
   * @param tokens which activations of a row count, or null where it has one
   */
  SaeCoder(OverlayGraph graph, Sae sae, Scope.@Nullable Tokens tokens) {
    this.graph = graph;
    this.sae = sae;
    this.tokens = tokens;
    decoderNorms =
        sae.activation() instanceof Activation.TopK topK && topK.rescaleByDecoderNorm()
            ? vector(feature -> decoderNorm(sae, feature))
            : null;
  }

  /**
   * Encodes and decodes activations.
   *
   * @param input normalised, float {@code [batch, n, in]}
   */
  SaeCode code(String input) {
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
      return dense(jump(plus(product, jump.bias()), jump));
    }
    if (sae.activation() instanceof Activation.Gated gated) {
      return dense(gated(product, gated));
    }
    return dense(relu(plus(product, ((Activation.Standard) sae.activation()).bias())));
  }

  /** Of features {@code [batch, n, features]}. */
  private SaeCode dense(String features) {
    String counted = realOrZero(features);
    String byFeature = tokens == null ? graph.squeeze(counted, 1) : graph.tokensLast(counted);
    return new SaeCode(byFeature, active(counted), decode(counted));
  }

  private SaeCode topK(String pre, int k) {
    String compared = decoderNorms == null ? pre : graph.node("Mul", List.of(pre, decoderNorms));
    // ONNX Runtime 1.12.1 leaves an empty axis empty where a mean is taken over no tokens.
    TopValues top = TopValues.ofAnyOrNone(graph, compared, k, FEATURE_AXIS, 3);
    String strongest = relu(top.values());
    if (!isSparse(sae, k)) {
      String zeros = graph.node("Mul", List.of(compared, graph.constant(0)));
      return dense(scatter(zeros, top.indices(), strongest, FEATURE_AXIS));
    }
    String counted = realOrZero(strongest);
    return new SaeCode(
        byFeature(compared, top.indices(), counted),
        active(counted),
        decode(top.indices(), counted, k));
  }

  /** Whether the few rows of the decoder that are needed are taken instead of a product of all. */
  static boolean isSparse(Sae sae, int k) {
    return (long) SPARSE * k <= sae.features() && k <= (long) MOST_STEPS * rowsOfStep(sae);
  }

  /** So many that what is gathered for an activation takes no more memory than its features. */
  private static int rowsOfStep(Sae sae) {
    return Math.max(1, sae.features() / sae.in());
  }

  /** Tokens last: ONNX Runtime finds the largest along the last axis many times faster. */
  private String byFeature(String compared, String indices, String values) {
    boolean one = tokens == null;
    long[] axes = one ? new long[] {0, 2} : new long[] {0, 2, 1};
    String shape = graph.node("Shape", List.of(compared));
    String sizes = graph.node("Gather", List.of(shape, graph.longs(axes, axes.length)));
    String zeros = graph.node("ConstantOfShape", List.of(sizes), OverlayGraph.oneFloat("value", 0));
    return scatter(
        zeros,
        one ? graph.squeeze(indices, 1) : graph.tokensLast(indices),
        one ? graph.squeeze(values, 1) : graph.tokensLast(values),
        1);
  }

  private String scatter(String zeros, String indices, String values, int axis) {
    return graph.node(
        graph.opset() >= SCATTER_ELEMENTS ? "ScatterElements" : "Scatter",
        List.of(zeros, indices, values),
        OverlayGraph.integer("axis", axis));
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

  private String active(String features) {
    return graph.reduce("ReduceSum", graph.node("Sign", List.of(features)), FEATURE_AXIS, true);
  }

  /** Decodes all features, {@code [batch, n, features]}. */
  private String decode(String features) {
    String weights =
        decoderNorms == null ? features : graph.node("Div", List.of(features, decoderNorms));
    return plus(graph.node("MatMul", List.of(weights, decoder())), sae.decoderBias());
  }

  /** Decodes the features at some indices, both {@code [batch, n, k]}. */
  private String decode(String indices, String features, int k) {
    String weights =
        decoderNorms == null
            ? features
            : graph.node(
                "Div", List.of(features, graph.node("Gather", List.of(decoderNorms, indices))));
    int step = tokens == null ? k : Math.min(k, rowsOfStep(sae));
    String sum = decode(indices, weights, 0, step, k);
    for (int from = step; from < k; from += step) {
      sum = graph.node("Add", List.of(sum, decode(indices, weights, from, step, k)));
    }
    return plus(graph.squeeze(sum, 2), sae.decoderBias());
  }

  /** The sum of some of the k rows: {@code [batch, n, 1, in]}. */
  private String decode(String indices, String weights, int from, int step, int k) {
    String someIndices = indices;
    String someWeights = weights;
    if (step < k) {
      long[] some = LongStream.range(from, Math.min(k, from + step)).toArray();
      String which = graph.longs(some, some.length);
      someIndices =
          graph.node("Gather", List.of(indices, which), OverlayGraph.integer("axis", FEATURE_AXIS));
      someWeights =
          graph.node("Gather", List.of(weights, which), OverlayGraph.integer("axis", FEATURE_AXIS));
    }
    String rows = graph.node("Gather", List.of(decoder(), someIndices)); // [batch, n, step, in]
    return graph.node("MatMul", List.of(graph.unsqueeze(someWeights, 2), rows));
  }

  private String decoder() {
    return graph.weights(sae.decoder(), sae.features(), sae.in());
  }

  private String realOrZero(String perToken) {
    return tokens == null
        ? perToken
        : graph.node(
            "Where",
            List.of(graph.unsqueeze(tokens.mask().real(), 2), perToken, graph.constant(0)));
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
