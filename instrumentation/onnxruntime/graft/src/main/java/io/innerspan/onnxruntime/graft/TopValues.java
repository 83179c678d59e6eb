package io.innerspan.onnxruntime.graft;

import java.util.List;

/**
 * The largest values along an axis, in descending order, the lower index first among equals.
 *
 * @param values float
 * @param indices 64-bit integers
 */
record TopValues(String values, String indices) {
  /** How many there are is an input from here on. */
  private static final int COUNT_INPUT = 10;

  /**
   * @param count at most the size of the axis
   */
  static TopValues of(OverlayGraph graph, String tensor, long count, long axis) {
    String values =
        graph.opset() >= COUNT_INPUT
            ? graph.firstOfTwo(
                "TopK",
                List.of(tensor, graph.longs(new long[] {count}, 1)),
                OverlayGraph.integer("axis", axis))
            : graph.firstOfTwo(
                "TopK",
                List.of(tensor),
                OverlayGraph.integer("axis", axis),
                OverlayGraph.integer("k", count));
    return new TopValues(values, OverlayGraph.second(values));
  }
}
