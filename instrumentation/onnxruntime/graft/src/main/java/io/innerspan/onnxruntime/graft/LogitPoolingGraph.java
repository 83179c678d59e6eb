package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.Pooling;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Makes one logit {@code [batch, n]} of those of the real tokens of each row, float {@code [batch,
 * tokens, n]}; padding on either side, and between, never takes part.
 *
 * <p>What depends on the tokens' order is a product with a matrix {@code [tokens, tokens]} per row,
 * made of how many real tokens lie between two of them. A row without real tokens gives a value
 * that means nothing.
 */
final class LogitPoolingGraph {
  /** The number of values that TopK gives is an input from here on. */
  private static final int TOP_K_INPUT = 10;

  private static final float INFINITY = Float.POSITIVE_INFINITY;

  private final OverlayGraph graph;
  private final TokenMask mask;
  private final WindowGraph windows;

  LogitPoolingGraph(OverlayGraph graph, Scope.Tokens tokens) {
    this.graph = graph;
    this.mask = tokens.mask();
    this.windows = tokens.windows();
  }

  /** Why a pooling cannot be expressed in a model's operator set, or null. */
  static @Nullable String refusal(Pooling pooling, long opset) {
    int needed =
        switch (pooling.kind()) {
          case EMA, ROLLING_MAX -> WindowGraph.OPERATOR_SET;
          case TOP_K_MEAN -> TOP_K_INPUT;
          case MEAN, LAST, CLS, MAX, SOFTMAX -> 0;
        };
    return opset >= needed
        ? null
        : "pooling " + pooling + " needs operator set " + needed + ", the model has " + opset;
  }

  String pool(Pooling pooling, String logits) {
    return switch (pooling.kind()) {
      case MAX -> greatest(mask.real(), logits);
      case SOFTMAX -> softmax(logits, (float) pooling.parameter());
      case TOP_K_MEAN -> topKMean(logits, (long) pooling.parameter());
      case ROLLING_MAX -> rollingMax(logits, (float) pooling.parameter());
      case EMA -> ema(logits, (float) pooling.parameter());
      case MEAN, LAST, CLS ->
          throw new IllegalArgumentException(pooling + " pools activations, not logits");
    };
  }

  /** The greatest among some tokens of {@code [batch, tokens, n]}: {@code [batch, n]}. */
  String greatest(String among, String perToken) {
    String masked =
        graph.node(
            "Where", List.of(graph.unsqueeze(among, 2), perToken, graph.constant(-INFINITY)));
    return graph.reduce("ReduceMax", masked, 1, false);
  }

  private String softmax(String logits, float temperature) {
    // Along the last axis, where every operator set's Softmax means the same.
    String real = graph.unsqueeze(mask.real(), 1);
    String rows = graph.tokensLast(logits);
    String masked = graph.node("Where", List.of(real, rows, graph.constant(-INFINITY)));
    String tempered = graph.node("Div", List.of(masked, graph.constant(temperature)));
    String weights = graph.node("Softmax", List.of(tempered), OverlayGraph.integer("axis", 2));
    String values = graph.node("Where", List.of(real, rows, graph.constant(0)));
    return graph.reduce("ReduceSum", graph.node("Mul", List.of(weights, values)), 2, false);
  }

  private String topKMean(String logits, long k) {
    String masked =
        graph.node(
            "Where",
            List.of(
                graph.unsqueeze(mask.real(), 1),
                graph.tokensLast(logits),
                graph.constant(-INFINITY)));
    String most = graph.longs(new long[] {k}, 1);
    String length = graph.unsqueeze(mask.length(), 0);
    String fewer = graph.node("Less", List.of(length, most));
    String taken = graph.node("Where", List.of(fewer, length, most));
    String top = graph.firstOfTwo("TopK", List.of(masked, taken), OverlayGraph.integer("axis", 2));
    String real = graph.node("Greater", List.of(top, graph.constant(-INFINITY)));
    String values = graph.node("Where", List.of(real, top, graph.constant(0)));
    String sum = graph.reduce("ReduceSum", values, 2, false);
    return graph.node("Div", List.of(sum, windows.width((float) k)));
  }

  private String rollingMax(String logits, float window) {
    String within = graph.cast(windows.within(window), ElementType.FLOAT);
    String sums = graph.node("MatMul", List.of(within, realOrZero(logits)));
    String width = graph.unsqueeze(windows.width(window), 2);
    return greatest(windows.ends(window), graph.node("Div", List.of(sums, width)));
  }

  private String ema(String logits, float alpha) {
    String distance = windows.distance();
    String decay = graph.node("Pow", List.of(graph.constant(1 - alpha), distance));
    String weights = graph.node("Where", List.of(windows.past(), decay, graph.constant(0)));
    String sums = graph.node("MatMul", List.of(weights, realOrZero(logits)));
    return greatest(mask.real(), graph.node("Mul", List.of(sums, graph.constant(alpha))));
  }

  /** What padding holds may be no number: a weight of 0 would not undo it. */
  private String realOrZero(String logits) {
    return graph.node("Where", List.of(graph.unsqueeze(mask.real(), 2), logits, graph.constant(0)));
  }
}
