package io.innerspan.testing.models;

import static io.innerspan.testing.models.Attributes.integer;
import static io.innerspan.testing.models.Attributes.integers;
import static io.innerspan.testing.models.Attributes.number;

import java.util.ArrayList;
import java.util.List;

/** Normalisations over the last axis. */
final class Norms {
  /** The domain and name of the function that {@link Style.Norm#LAYER_FUNCTION} calls. */
  static final String FUNCTION_DOMAIN = "models.local";

  static final String FUNCTION = "MyLayerNorm";

  private Norms() {}

  static String normalize(GraphWriter graph, Style.Norm style, String in, int width) {
    String scale = graph.weights(1, 0.1, width);
    return switch (style) {
      case RMS_FUSED ->
          graph.node(
              "RMSNormalization",
              List.of(in, scale),
              integer("axis", -1),
              number("epsilon", 1e-5f));
      case RMS_SIMPLIFIED ->
          graph.node(
              "SimplifiedLayerNormalization",
              List.of(in, scale),
              integer("axis", -1),
              number("epsilon", 1e-5f));
      case RMS_SPELLED_OUT -> rootMeanSquare(graph, in, scale);
      default -> layer(graph, style, in, scale, graph.weights(0.1, width));
    };
  }

  private static String layer(
      GraphWriter graph, Style.Norm style, String in, String scale, String shift) {
    return switch (style) {
      case LAYER_SPELLED_OUT -> spelledOut(graph, in, scale, shift);
      case LAYER_FUNCTION -> {
        String output = graph.fresh(FUNCTION);
        graph.add(output, FUNCTION_DOMAIN, FUNCTION, List.of(in, scale, shift), List.of(output));
        yield output;
      }
      default -> graph.node("LayerNormalization", List.of(in, scale, shift), integer("axis", -1));
    };
  }

  static String spelledOut(GraphWriter graph, String in, String scale, String shift) {
    String centred = graph.node("Sub", List.of(in, mean(graph, in)));
    String square = graph.node("Pow", List.of(centred, graph.scalar(2)));
    String variance = graph.node("Add", List.of(mean(graph, square), graph.scalar(1e-5f)));
    String deviation = graph.node("Sqrt", List.of(variance));
    String unit = graph.node("Div", List.of(centred, deviation));
    String scaled = graph.node("Mul", List.of(unit, scale));
    return graph.node("Add", List.of(scaled, shift));
  }

  private static String rootMeanSquare(GraphWriter graph, String in, String scale) {
    String square = graph.node("Pow", List.of(in, graph.scalar(2)));
    String safe = graph.node("Add", List.of(mean(graph, square), graph.scalar(1e-5f)));
    String root = graph.node("Sqrt", List.of(safe));
    String inverse = graph.node("Reciprocal", List.of(root));
    String unit = graph.node("Mul", List.of(in, inverse));
    return graph.node("Mul", List.of(scale, unit));
  }

  private static String mean(GraphWriter graph, String in) {
    List<String> inputs = new ArrayList<>(List.of(in));
    if (graph.opset() >= 18) {
      inputs.add(graph.longs(-1));
      return graph.node("ReduceMean", inputs);
    }
    return graph.node("ReduceMean", inputs, integers("axes", -1));
  }
}
