package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.Sae;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An activation as an autoencoder takes it, with what undoes that after decoding.
 *
 * @param input float {@code [batch, n, in]}
 * @param scale to multiply by, {@code [batch, n, 1]}, or null
 * @param shift to add then, {@code [batch, n, 1]}, or null
 */
record SaeScaling(String input, @Nullable String scale, @Nullable String shift) {
  private static final int WIDTH_AXIS = 2;
  private static final float LAYER_NORM_EPSILON = 1e-5f;

  /**
   * Normalises an activation.
   *
   * @param x float {@code [batch, n, in]}
   */
  static SaeScaling of(OverlayGraph graph, Sae sae, String x) {
    return switch (sae.normalization()) {
      case NONE, EXPECTED_AVERAGE_ONLY_IN -> new SaeScaling(x, null, null);
      case CONSTANT_NORM_RESCALE -> {
        String scale = rootMeanSquare(graph, x, sae.in());
        yield new SaeScaling(graph.node("Div", List.of(x, scale)), scale, null);
      }
      case LAYER_NORM -> {
        String mean = graph.reduce("ReduceMean", x, WIDTH_AXIS, true);
        String centred = graph.node("Sub", List.of(x, mean));
        String deviation = rootMeanSquare(graph, centred, sae.in() - 1);
        String divisor = graph.node("Add", List.of(deviation, graph.constant(LAYER_NORM_EPSILON)));
        yield new SaeScaling(graph.node("Div", List.of(centred, divisor)), deviation, mean);
      }
    };
  }

  /** What the decoder gave, as it was before normalisation. */
  String undo(OverlayGraph graph, String decoded) {
    String scaled = scale == null ? decoded : graph.node("Mul", List.of(decoded, scale));
    return shift == null ? scaled : graph.node("Add", List.of(scaled, shift));
  }

  private static String rootMeanSquare(OverlayGraph graph, String x, int count) {
    String norm = graph.reduce("ReduceL2", x, WIDTH_AXIS, true);
    return graph.node("Div", List.of(norm, graph.constant((float) Math.sqrt(count))));
  }
}
