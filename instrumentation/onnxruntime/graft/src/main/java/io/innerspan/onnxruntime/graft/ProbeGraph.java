package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.LinearProbe;
import io.innerspan.signals.Pooling;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The raw logits of linear probes that share a tap and a pooling: one product for all of them. */
final class ProbeGraph {
  private final OverlayGraph graph;
  private final PoolingGraph poolings;
  private final @Nullable LogitPoolingGraph logitPoolings;

  /**
   * @param mask which tokens are real; null only where no activation is per token
   */
  ProbeGraph(OverlayGraph graph, PoolingGraph poolings, @Nullable TokenMask mask) {
    this.graph = graph;
    this.poolings = poolings;
    logitPoolings = mask == null ? null : new LogitPoolingGraph(graph, mask);
  }

  /** The logits, float {@code [batch, probes]}, in the order of the probes. */
  String logits(Activation activation, Pooling pooling, List<LinearProbe> probes) {
    if (pooling.kind().ofActivations()) {
      return biased(product(poolings.pool(activation, pooling), probes), probes);
    }
    String logits = product(activation.tensor(), probes);
    if (!activation.perToken()) {
      return biased(logits, probes); // One token, whose logit it is.
    }
    if (logitPoolings == null) {
      throw new IllegalStateException("tokens are pooled without a mask");
    }
    // The others give c more when every logit is c more, so that the bias can come last, once.
    return pooling.kind() == Pooling.Kind.EMA
        ? logitPoolings.pool(pooling, biased(logits, probes))
        : biased(logitPoolings.pool(pooling, logits), probes);
  }

  private String product(String activation, List<LinearProbe> probes) {
    int width = probes.get(0).width();
    float[] weights = new float[width * probes.size()];
    for (int p = 0; p < probes.size(); p++) {
      float[] weight = probes.get(p).weight();
      for (int i = 0; i < width; i++) {
        weights[i * probes.size() + p] = weight[i];
      }
    }
    String matrix = graph.floats(weights, width, probes.size());
    return graph.node("MatMul", List.of(activation, matrix));
  }

  private String biased(String logits, List<LinearProbe> probes) {
    float[] biases = new float[probes.size()];
    for (int p = 0; p < biases.length; p++) {
      biases[p] = probes.get(p).bias();
    }
    return graph.node("Add", List.of(logits, graph.floats(biases, biases.length)));
  }
}
