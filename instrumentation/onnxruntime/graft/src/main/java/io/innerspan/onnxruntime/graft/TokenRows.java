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

  /** CumSum, and Equal of numbers with a fraction, exist from here on. */
  private static final int RUNNING_SUM = 11;

  /** A Slice goes backwards from here on. */
  private static final int SLICE_STEPS = 10;

  private final OverlayGraph graph;
  private final TokenMask mask;
  private @Nullable String row;
  private @Nullable String count;
  private @Nullable String places;
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
      case CLS -> someOrNone(graph.opset() < RUNNING_SUM ? first() : at(graph.constant(1)));
      case LAST -> someOrNone(graph.opset() < RUNNING_SUM ? last() : at(count()));
      case MAX, TOP_K_MEAN, ROLLING_MAX, SOFTMAX, EMA ->
          throw new IllegalArgumentException(kind + " pools logits, not activations");
    };
  }

  /** No numbers for a row in which no real token is selected. */
  private String someOrNone(String one) {
    return mask.selected()
        ? graph.node("Div", List.of(one, graph.reduce("ReduceMax", row(), 2, true)))
        : one;
  }

  /** 1 for the real token up to which, itself included, there are so many. */
  private String at(String place) {
    if (places == null) {
      places = graph.node("CumSum", List.of(row(), graph.longs(new long[] {2})));
    }
    // Padding behind a token has the token's place too.
    String there = graph.node("Equal", List.of(places, place));
    return graph.node("Where", List.of(there, row(), graph.constant(0)));
  }

  /** 1 for each real token. */
  private String row() {
    if (row == null) {
      row = graph.unsqueeze(mask.weights(), 1);
    }
    return row;
  }

  /** The number of real tokens: float {@code [batch, 1, 1]}. */
  private String count() {
    if (count == null) {
      count = graph.unsqueeze(mask.count(), 2);
    }
    return count;
  }

  /** The same weight for each real token. */
  String mean() {
    if (mean == null) {
      mean = graph.node("Div", List.of(row(), count()));
    }
    return mean;
  }

  /** 1 for the first real token; of a row without one, for some other. */
  String first() {
    if (first == null) {
      first = graph.unsqueeze(one(mask.weights(), false), 1);
    }
    return first;
  }

  /** 1 for the last real token; of a row without one, for some other. */
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
