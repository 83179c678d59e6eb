package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.AttentionSummary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the heads of a layer attend to, float {@code [batch, 3 · heads]}.
 *
 * <p>Each statistic is a weighted sum over the pattern {@code [batch, heads, queries, keys]}, so
 * that products with weights {@code [batch, queries · keys, n]}, the same for all layers, give the
 * means over queries as well. With a cache there are more keys than queries, of which these are the
 * last.
 */
final class AttentionSummaryGraph {
  /** The smallest normal number: added to a probability of 0, its logarithm is finite. */
  private static final float TINY = Float.MIN_NORMAL;

  /** Weights of which padding has none. */
  private record Weights(String among, String entropy, String firstAndDistance) {}

  private final Scope scope;
  private final OverlayGraph graph;
  private final Map<List<Scope.Tokens>, Weights> weights = new HashMap<>();

  AttentionSummaryGraph(Scope scope) {
    this.scope = scope;
    this.graph = scope.graph();
  }

  /** Why a summary cannot be compiled, or null. */
  static @Nullable SignalRefusal refusal(Placed placed, Host host) {
    AttentionSummary summary = (AttentionSummary) placed.signal();
    TensorInfo pattern = placed.tap().tensor();
    boolean hidden = pattern.rank() < 0 && placed.tap().layout() == TapPoint.Layout.PATTERN;
    if (placed.tap().perToken() || (pattern.rank() != 4 && !hidden)) {
      return Host.unsupported(
          summary, "expected [batch, heads, tokens, tokens], found " + pattern.shapeText());
    }
    long heads = pattern.shape() == null ? -1 : pattern.shape().get(1).size();
    if (heads >= 0 && heads != summary.heads()) {
      return Host.unsupported(summary, "expected " + summary.heads() + " heads, found " + heads);
    }
    if (placed.tap().breaksFusion() && !summary.mayBreakFusion()) {
      return Host.unsupported(
          summary,
          placed.tap().note() + "; expected a signal with may_break_fusion, found one without");
    }
    SignalRefusal refusal = host.tokensRefusal(summary, placed.tap());
    return refusal != null ? refusal : crossRefusal(placed, host);
  }

  /** Of attention to another sequence: how far its tokens are means nothing. */
  private static @Nullable SignalRefusal crossRefusal(Placed placed, Host host) {
    TokenSource source = host.source(placed.tap(), placed.signal().tokens());
    List<Dimension> shape = placed.tap().tensor().shape();
    if (source == null || source.last() || shape == null) {
      return null;
    }
    Dimension queries = shape.get(2);
    Dimension keys = shape.get(3);
    boolean known = !queries.toString().equals("?") && !keys.toString().equals("?");
    return known && !queries.equals(keys)
        ? Host.unsupported(
            placed.signal(), "expected attention within one sequence, found " + shape)
        : null;
  }

  String values(Placed placed) {
    int heads = ((AttentionSummary) placed.signal()).heads();
    String pattern = scope.activation(placed.tap()).tensor();
    Weights sums =
        weights.computeIfAbsent(
            List.of(scope.tokens(placed), scope.keys(placed)),
            tokens -> weights(tokens.get(0), tokens.get(1), pattern));
    String flat =
        graph.node("Reshape", List.of(pattern, graph.longs(new long[] {0, heads, -1}, 3)));
    // Rows of padding that may look at nothing hold no numbers in some models.
    String known = graph.node("Where", List.of(sums.among(), flat, graph.constant(0)));
    String logs =
        graph.node("Log", List.of(graph.node("Add", List.of(known, graph.constant(TINY)))));
    String surprise = graph.node("Mul", List.of(known, logs));
    String entropy = graph.node("MatMul", List.of(surprise, sums.entropy()));
    String others = graph.node("MatMul", List.of(known, sums.firstAndDistance()));
    String perHead = graph.concat(List.of(entropy, others), 2); // [batch, heads, 3]
    return graph.node(
        "Reshape", List.of(graph.tokensLast(perHead), graph.longs(new long[] {0, 3L * heads}, 2)));
  }

  private Weights weights(Scope.Tokens queries, Scope.Tokens keys, String pattern) {
    String column = graph.tokensLast(queries.rows().mean()); // [batch, queries, 1]
    String both = graph.node("Mul", List.of(column, graph.unsqueeze(keys.mask().weights(), 1)));
    String pairs = graph.longs(new long[] {0, 1, -1}, 3);
    String among =
        graph.node(
            "Greater", List.of(graph.node("Reshape", List.of(both, pairs)), graph.constant(0)));
    String negative = graph.node("Neg", List.of(both));
    String entropy =
        graph.node("Reshape", List.of(negative, graph.longs(new long[] {0, -1, 1}, 3)));
    String first = graph.node("Mul", List.of(column, keys.rows().first()));
    String distance = graph.node("Mul", List.of(both, distances(pattern)));
    String stacked =
        graph.concat(List.of(graph.unsqueeze(first, 3), graph.unsqueeze(distance, 3)), 3);
    return new Weights(
        among,
        entropy,
        graph.node("Reshape", List.of(stacked, graph.longs(new long[] {0, -1, 2}, 3))));
  }

  /** How many tokens lie between each query and each key: float {@code [queries, keys]}. */
  private String distances(String pattern) {
    String shape = graph.node("Shape", List.of(pattern));
    String queries = size(shape, 2);
    String keys = size(shape, 3);
    String past = graph.node("Sub", List.of(keys, queries));
    String from = graph.node("Add", List.of(positions(queries), past));
    String apart =
        graph.node(
            "Sub",
            List.of(
                graph.node("Transpose", List.of(from), OverlayGraph.integers("perm", 1, 0)),
                positions(keys)));
    return graph.node("Abs", List.of(graph.cast(apart, ElementType.FLOAT)));
  }

  private String size(String shape, long axis) {
    return graph.node("Gather", List.of(shape, graph.longs(new long[] {axis}, 1)));
  }

  /** From 0 on: integers {@code [1, count]}. */
  private String positions(String count) {
    String ones = graph.node("ConstantOfShape", List.of(count), OverlayGraph.oneFloat("value", 1));
    return graph.node("NonZero", List.of(ones)); // Range came with operator set 11.
  }
}
