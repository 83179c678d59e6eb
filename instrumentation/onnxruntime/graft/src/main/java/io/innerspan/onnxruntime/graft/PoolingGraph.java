package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.Pooling;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes one activation {@code [batch, width]} of the real tokens of each row; padding on either
 * side never takes part.
 *
 * <p>A row without real tokens gives a value that means nothing (0/0, or a token of the padding):
 * its token count of 0 says so.
 */
final class PoolingGraph {
  /** ArgMax takes the last of equals, and GatherND a batch dimension, from here on. */
  private static final int SELECT_LAST_INDEX = 12;

  /** A Slice goes backwards from here on. */
  private static final int SLICE_STEPS = 10;

  private final OverlayGraph graph;
  private final @Nullable TokenMask mask;

  /**
   * @param mask which tokens are real; null only where no activation is per token
   */
  PoolingGraph(OverlayGraph graph, @Nullable TokenMask mask) {
    this.graph = graph;
    this.mask = mask;
  }

  /** Why a pooling cannot be expressed in a model's operator set, or null. */
  static @Nullable String refusal(Pooling pooling, long opset) {
    return pooling.kind() == Pooling.Kind.LAST && opset < SLICE_STEPS
        ? "pooling last needs operator set " + SLICE_STEPS + ", the model has " + opset
        : null;
  }

  /** Pools by MEAN, LAST or CLS; the others pool logits. */
  String pool(Activation activation, Pooling pooling) {
    if (!activation.perToken()) {
      return activation.tensor();
    }
    TokenMask tokens = mask();
    if (pooling.kind() == Pooling.Kind.MEAN) {
      String sum = weightedSum(tokens.weights(), activation);
      return graph.node("Div", List.of(sum, tokens.count()));
    }
    return graph.opset() >= SELECT_LAST_INDEX
        ? gather(activation, tokens, pooling.kind() == Pooling.Kind.LAST)
        : select(activation, tokens, pooling.kind() == Pooling.Kind.LAST);
  }

  /**
   * The mean over real tokens of one value per token {@code [batch, tokens]}: {@code [batch, 1]}.
   */
  String mean(String perToken) {
    TokenMask tokens = mask();
    String zero = graph.floats(new float[] {0}, 1);
    String masked = graph.node("Where", List.of(tokens.real(), perToken, zero));
    String sum = graph.reduce("ReduceSum", masked, 1, true);
    return graph.node("Div", List.of(sum, tokens.count()));
  }

  private String weightedSum(String weights, Activation activation) {
    // One small product instead of a masked copy of the whole activation.
    String row = graph.unsqueeze(weights, 1);
    return graph.squeeze(graph.node("MatMul", List.of(row, activation.tensor())), 1);
  }

  private String gather(Activation activation, TokenMask tokens, boolean last) {
    String position =
        graph.node(
            "ArgMax",
            List.of(tokens.weights()),
            OverlayGraph.integer("axis", 1),
            OverlayGraph.integer("keepdims", 1),
            OverlayGraph.integer("select_last_index", last ? 1 : 0));
    return graph.node(
        "GatherND", List.of(activation.tensor(), position), OverlayGraph.integer("batch_dims", 1));
  }

  /** For older operator sets: a sum in which one token has the weight 1. */
  private String select(Activation activation, TokenMask tokens, boolean last) {
    String weights = last ? reversed(tokens.weights()) : tokens.weights();
    String position =
        graph.node(
            "ArgMax",
            List.of(weights),
            OverlayGraph.integer("axis", 1),
            OverlayGraph.integer("keepdims", 0));
    String offOn = graph.floats(new float[] {0, 1}, 2);
    String selected = graph.node("OneHot", List.of(position, tokens.length(), offOn));
    return weightedSum(last ? reversed(selected) : selected, activation);
  }

  private String reversed(String perToken) {
    return graph.node(
        "Slice",
        List.of(
            perToken,
            graph.longs(new long[] {-1}, 1),
            graph.longs(new long[] {Long.MIN_VALUE}, 1),
            graph.longs(new long[] {1}, 1),
            graph.longs(new long[] {-1}, 1)));
  }

  private TokenMask mask() {
    if (mask == null) {
      throw new IllegalStateException("tokens are pooled without a mask");
    }
    return mask;
  }
}
