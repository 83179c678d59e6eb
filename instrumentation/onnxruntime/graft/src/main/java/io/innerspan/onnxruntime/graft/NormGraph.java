package io.innerspan.onnxruntime.graft;

/** The L2 norm of an activation, averaged over the real tokens of each row. */
final class NormGraph {
  private final OverlayGraph graph;
  private final PoolingGraph poolings;

  NormGraph(OverlayGraph graph, PoolingGraph poolings) {
    this.graph = graph;
    this.poolings = poolings;
  }

  /** The mean norm, float {@code [batch, 1]}. */
  String meanNorm(Activation activation) {
    if (!activation.perToken()) {
      return graph.reduce("ReduceL2", activation.tensor(), 1, true);
    }
    return poolings.mean(graph.reduce("ReduceL2", activation.tensor(), 2, false));
  }
}
