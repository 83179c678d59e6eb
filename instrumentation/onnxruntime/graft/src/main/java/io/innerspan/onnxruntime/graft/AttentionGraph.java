package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.AttentionProbe;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The raw logit of an attention probe, float {@code [batch, 1]}. */
final class AttentionGraph {
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  private final OverlayGraph graph;
  private final @Nullable TokenMask mask;

  /**
   * @param mask which tokens are real; null only where no activation is per token
   */
  AttentionGraph(OverlayGraph graph, @Nullable TokenMask mask) {
    this.graph = graph;
    this.mask = mask;
  }

  /** Why a rule cannot be expressed in a model's operator set, or null. */
  static @Nullable String refusal(AttentionProbe.Rule rule, long opset) {
    return rule.kind() == AttentionProbe.Rule.Kind.ROLLING_ATTENTION
            && opset < WindowGraph.OPERATOR_SET
        ? rule + " needs operator set " + WindowGraph.OPERATOR_SET + ", the model has " + opset
        : null;
  }

  /**
   * @param activation what the heads read, after an MLP
   */
  String logit(AttentionProbe probe, Activation activation) {
    String values = heads(probe.value(), probe, activation);
    String perHead;
    if (!activation.perToken()) {
      perHead = values; // One token, which has all the attention: [batch, heads].
    } else {
      if (mask == null) {
        throw new IllegalStateException("tokens are pooled without a mask");
      }
      if (probe.rule().kind() == AttentionProbe.Rule.Kind.ROLLING_ATTENTION) {
        return biased(rolling(mask, probe, activation, values), probe);
      }
      perHead =
          probe.rule().kind() == AttentionProbe.Rule.Kind.MULTIMAX
              ? new LogitPoolingGraph(graph, mask).greatest(mask.real(), values)
              : attention(mask, heads(probe.query(), probe, activation), values);
    }
    return biased(graph.reduce("ReduceSum", perHead, 1, true), probe);
  }

  /** {@code [batch, tokens, heads]}. */
  private String heads(float[] rows, AttentionProbe probe, Activation activation) {
    String matrix =
        graph.floats(MlpGraph.transposed(rows, probe.heads()), probe.headWidth(), probe.heads());
    return graph.node("MatMul", List.of(activation.tensor(), matrix));
  }

  /** {@code [batch, heads]}. */
  private String attention(TokenMask tokens, String queries, String values) {
    String real = graph.unsqueeze(tokens.real(), 1);
    String weights = softmax(real, tokensLast(queries), 2);
    return graph.reduce(
        "ReduceSum", graph.node("Mul", List.of(weights, realOrZero(tokens, values))), 2, false);
  }

  /** {@code [batch, 1]}; in between {@code [batch, heads, tokens, tokens]}. */
  private String rolling(
      TokenMask tokens, AttentionProbe probe, Activation activation, String values) {
    WindowGraph windows = new WindowGraph(graph, tokens);
    float window = probe.rule().window();
    String queries = tokensLast(heads(probe.query(), probe, activation));
    String weights =
        softmax(graph.unsqueeze(windows.within(window), 1), graph.unsqueeze(queries, 2), 3);
    String column = graph.unsqueeze(realOrZero(tokens, values), 3);
    String attended = graph.squeeze(graph.node("MatMul", List.of(weights, column)), 3);
    String perWindow = graph.reduce("ReduceSum", attended, 1, false);
    String among =
        graph.node("Where", List.of(windows.ends(window), perWindow, constant(-INFINITY)));
    return graph.reduce("ReduceMax", among, 1, true);
  }

  private String softmax(String among, String queries, long lastAxis) {
    String masked = graph.node("Where", List.of(among, queries, constant(-INFINITY)));
    return graph.node("Softmax", List.of(masked), OverlayGraph.integer("axis", lastAxis));
  }

  /** {@code [batch, heads, tokens]}; what padding holds may be no number. */
  private String realOrZero(TokenMask tokens, String values) {
    return graph.node(
        "Where", List.of(graph.unsqueeze(tokens.real(), 1), tokensLast(values), constant(0)));
  }

  private String tokensLast(String perToken) {
    return graph.node("Transpose", List.of(perToken), OverlayGraph.integers("perm", 0, 2, 1));
  }

  private String biased(String logit, AttentionProbe probe) {
    return graph.node("Add", List.of(logit, constant(probe.bias())));
  }

  private String constant(float value) {
    return graph.floats(new float[] {value}, 1);
  }
}
