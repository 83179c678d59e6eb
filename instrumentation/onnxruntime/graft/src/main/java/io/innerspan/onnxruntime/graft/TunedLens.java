package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.Floats;
import io.innerspan.signals.LayerLens.Translator;
import java.util.List;

/** The affine maps of a tuned lens, {@code h + A h + b}. */
final class TunedLens {
  private final OverlayGraph graph;
  private final ElementType type;

  /**
   * @param type of the layers' outputs
   */
  TunedLens(OverlayGraph graph, ElementType type) {
    this.graph = graph;
    this.type = type;
  }

  /** Whether a translator changes nothing, as those of last layers do. */
  static boolean isIdentity(Translator translator) {
    return isZero(translator.weight()) && isZero(translator.bias());
  }

  private static boolean isZero(Floats values) {
    for (int i = 0; i < values.size(); i++) {
      if (values.get(i) != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * Translates activations.
   *
   * @param activations {@code [layers, n, width]}, or {@code [batch, n, width]} of one layer
   * @param translators one per layer; without any nothing is changed
   */
  String translate(String activations, List<Translator> translators) {
    if (translators.isEmpty()) {
      return activations;
    }
    int layers = translators.size();
    int width = translators.get(0).bias().size();
    float[] weights = new float[layers * width * width];
    float[] biases = new float[layers * width];
    for (int layer = 0; layer < layers; layer++) {
      float[] weight = MlpGraph.transposed(translators.get(layer).weight().toArray(), width);
      System.arraycopy(weight, 0, weights, layer * weight.length, weight.length);
      float[] bias = translators.get(layer).bias().toArray();
      System.arraycopy(bias, 0, biases, layer * width, width);
    }
    boolean single = type == ElementType.FLOAT;
    String h = single ? activations : graph.cast(activations, ElementType.FLOAT);
    String product = graph.node("MatMul", List.of(h, graph.floats(weights, layers, width, width)));
    String bias = graph.floats(biases, layers, 1, width);
    String translated = graph.node("Add", List.of(graph.node("Add", List.of(h, product)), bias));
    return single ? translated : graph.cast(translated, type);
  }
}
