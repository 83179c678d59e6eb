package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.Pooling;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of weights by which a product makes one activation of a row's tokens: float {@code [batch,
 * 1, tokens]}. Padding weighs 0, wherever it lies. A row without real tokens gives weights that
 * mean nothing.
 */
final class TokenRows {
  /** ArgMax takes the last of equals from here on. */
  private static final int SELECT_LAST_INDEX = 12;

  /** A Slice goes backwards from here on. */
  private static final int SLICE_STEPS = 10;

  private final OverlayGraph graph;
  private final TokenMask mask;
  private @Nullable String mean;
  private @Nullable String first;
  private @Nullable String last;

  TokenRows(OverlayGraph graph, TokenMask mask) {
    this.graph = graph;
    this.mask = mask;
  }

  /** Why a pooling cannot be expressed in a model's operator set, or null. */
  static @Nullable String refusal(Pooling pooling, long opset) {
    return pooling.kind() == Pooling.Kind.LAST && opset < SLICE_STEPS
        ? "pooling last needs operator set " + SLICE_STEPS + ", the model has " + opset
        : null;
  }

  /**
   * The weights of a pooling of activations.
   *
   * @throws IllegalArgumentException for one of logits
   */
  String of(Pooling.Kind kind) {
    return switch (kind) {
      case MEAN -> mean();
      case CLS -> someOrNone(first());
      case LAST -> someOrNone(last());
      case MAX, TOP_K_MEAN, ROLLING_MAX, SOFTMAX, EMA ->
          throw new IllegalArgumentException(kind + " pools logits, not activations");
    };
  }

  /** No numbers for a row in which no real token is selected. */
  private String someOrNone(String row) {
    return mask.selected()
        ? graph.node(
            "Div",
            List.of(row, graph.reduce("ReduceMax", graph.unsqueeze(mask.weights(), 1), 2, true)))
        : row;
  }

  /** The same weight for each real token. */
  String mean() {
    if (mean == null) {
      String weights = graph.node("Div", List.of(mask.weights(), mask.count()));
      mean = graph.unsqueeze(weights, 1);
    }
    return mean;
  }

  /** 1 for the first real token. */
  String first() {
    if (first == null) {
      first = graph.unsqueeze(one(mask.weights(), false), 1);
    }
    return first;
  }

  /** 1 for the last real token. */
  String last() {
    if (last == null) {
      last =
          graph.unsqueeze(
              graph.opset() >= SELECT_LAST_INDEX
                  ? one(mask.weights(), true)
                  : reversed(one(reversed(mask.weights()), false)),
              1);
    }
    return last;
  }

  /** 1 where the greatest of {@code [batch, tokens]} lies first, or last. */
  private String one(String weights, boolean takeLast) {
    String position =
        graph.opset() >= SELECT_LAST_INDEX
            ? graph.node(
                "ArgMax",
                List.of(weights),
                OverlayGraph.integer("axis", 1),
                OverlayGraph.integer("keepdims", 0),
                OverlayGraph.integer("select_last_index", takeLast ? 1 : 0))
            : graph.node(
                "ArgMax",
                List.of(weights),
                OverlayGraph.integer("axis", 1),
                OverlayGraph.integer("keepdims", 0));
    String offOn = graph.floats(new float[] {0, 1}, 2);
    return graph.node("OneHot", List.of(position, mask.length(), offOn));
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
}
