package io.innerspan.testing.models;

import static io.innerspan.testing.models.Attributes.integer;
import static io.innerspan.testing.models.Attributes.integers;

import java.util.List;

/** Rotary positions: the same operator under two names. */
final class Rotary {
  static final int POSITIONS = 64;
  private final GraphWriter graph;
  private final boolean standard;
  private final int headWidth;
  private final String cosines;
  private final String sines;

  Rotary(GraphWriter graph, boolean standard, int headWidth) {
    this.graph = graph;
    this.standard = standard;
    this.headWidth = headWidth;
    int half = headWidth / 2;
    float[] cosine = new float[POSITIONS * half];
    float[] sine = new float[POSITIONS * half];
    for (int i = 0; i < cosine.length; i++) {
      double angle = (i / half) * StrictMath.pow(10000, -(double) (i % half) / half);
      cosine[i] = (float) StrictMath.cos(angle);
      sine[i] = (float) StrictMath.sin(angle);
    }
    cosines = graph.floats(cosine, POSITIONS, half);
    sines = graph.floats(sine, POSITIONS, half);
  }

  /** Cosines and sines by position, {@code [positions, head width / 2]}. */
  List<String> tables() {
    return List.of(cosines, sines);
  }

  String rotate(String in, int heads) {
    if (standard) {
      List<String> inputs = List.of(in, cosines, sines, "position_ids");
      return graph.node("RotaryEmbedding", inputs, integer("num_heads", heads));
    }
    // ONNX Runtime knows the heads only where there are four dimensions.
    String split = graph.node("Reshape", List.of(in, graph.longs(0, 0, heads, headWidth)));
    String ordered = graph.node("Transpose", List.of(split), integers("perm", 0, 2, 1, 3));
    List<String> inputs = List.of(ordered, "position_ids", cosines, sines);
    String rotated = graph.fused("RotaryEmbedding", inputs);
    String back = graph.node("Transpose", List.of(rotated), integers("perm", 0, 2, 1, 3));
    long width = (long) heads * headWidth;
    return graph.node("Reshape", List.of(back, graph.longs(0, 0, width)));
  }
}
