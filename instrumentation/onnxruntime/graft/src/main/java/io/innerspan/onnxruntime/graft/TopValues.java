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
  static final int COUNT_INPUT = 10;

  /**
   * Of a float tensor that has rows if the model's inputs have some and the graph's taps are not
   * {@linkplain DataSizes sized by data}.
   *
   * @param count at most the size of the axis
   * @param rank the number of the tensor's dimensions
   */
  static TopValues of(OverlayGraph graph, String tensor, long count, int axis, int rank) {
    return of(graph, tensor, count, axis, rank, graph.sizedByData());
  }

  /** The same of a tensor that may have no rows for other reasons, such as no tokens. */
  static TopValues ofAnyOrNone(OverlayGraph graph, String tensor, long count, int axis, int rank) {
    return of(graph, tensor, count, axis, rank, true);
  }

  private static TopValues of(
      OverlayGraph graph, String tensor, long count, int axis, int rank, boolean none) {
    if (graph.opset() >= COUNT_INPUT) {
      return of(graph, tensor, graph.longs(new long[] {count}, 1), axis, rank, none);
    }
    String some = none ? withRows(graph, tensor, axis, rank) : tensor;
    String top =
        graph.firstOfTwo(
            "TopK",
            List.of(some),
            OverlayGraph.integer("axis", axis),
            OverlayGraph.integer("k", count));
    return of(graph, top, axis, rank, none);
  }

  /**
   * The same, from operator set {@value #COUNT_INPUT} on.
   *
   * @param count how many, at most the size of the axis: one 64-bit integer
   */
  static TopValues of(OverlayGraph graph, String tensor, String count, int axis, int rank) {
    return of(graph, tensor, count, axis, rank, graph.sizedByData());
  }

  private static TopValues of(
      OverlayGraph graph, String tensor, String count, int axis, int rank, boolean none) {
    String some = none ? withRows(graph, tensor, axis, rank) : tensor;
    String top = graph.firstOfTwo("TopK", List.of(some, count), OverlayGraph.integer("axis", axis));
    return of(graph, top, axis, rank, none);
  }

  /**
   * ONNX Runtime (seen with 1.17.3, 1.20.0 and 1.29.0) ends the process over no rows. Where there
   * may be none, one is added to every axis but the one that is looked along.
   */
  private static String withRows(OverlayGraph graph, String tensor, int axis, int rank) {
    long[] pads = new long[2 * rank];
    for (int i = 0; i < rank; i++) {
      pads[rank + i] = i == axis ? 0 : 1;
    }
    return graph.pad(tensor, pads, 0);
  }

  /** What a TopK gave, without the rows that were added. */
  private static TopValues of(OverlayGraph graph, String top, int axis, int rank, boolean none) {
    String indices = OverlayGraph.second(top);
    return none
        ? new TopValues(
            withoutLast(graph, top, axis, rank), withoutLast(graph, indices, axis, rank))
        : new TopValues(top, indices);
  }

  private static String withoutLast(OverlayGraph graph, String tensor, int axis, int rank) {
    long[] starts = new long[rank - 1];
    long[] ends = new long[rank - 1];
    long[] axes = new long[rank - 1];
    for (int i = 0; i < rank - 1; i++) {
      ends[i] = -1;
      axes[i] = i < axis ? i : i + 1;
    }
    if (graph.opset() >= Host.SLICE_INPUTS) {
      return graph.node(
          "Slice",
          List.of(
              tensor,
              graph.longs(starts, starts.length),
              graph.longs(ends, ends.length),
              graph.longs(axes, axes.length)));
    }
    return graph.node(
        "Slice",
        List.of(tensor),
        OverlayGraph.integers("starts", starts),
        OverlayGraph.integers("ends", ends),
        OverlayGraph.integers("axes", axes));
  }
}
