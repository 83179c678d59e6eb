package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.AttentionProbe;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The raw logit of an attention probe, float {@code [batch, 1]}. */
final class AttentionGraph {
  private static final float INFINITY = Float.POSITIVE_INFINITY;

  private final Scope scope;
  private final OverlayGraph graph;
  private final MlpGraph mlps;

  AttentionGraph(Scope scope) {
    this.scope = scope;
    this.graph = scope.graph();
    this.mlps = new MlpGraph(graph);
  }

  /** Why an attention probe cannot be compiled, or null. */
  static @Nullable SignalRefusal refusal(Placed placed, Host host) {
    AttentionProbe probe = (AttentionProbe) placed.signal();
    SignalRefusal refusal = host.activationRefusal(probe, placed.tap(), probe.width());
    boolean tooOld =
        placed.tap().perToken()
            && probe.rule().kind() == AttentionProbe.Rule.Kind.ROLLING_ATTENTION
            && host.opset() < WindowGraph.OPERATOR_SET;
    return refusal != null || !tooOld
        ? refusal
        : Host.unsupported(
            probe,
            String.format(
                Locale.ROOT,
                "%s needs operator set %d, the model has %d",
                probe.rule(),
                WindowGraph.OPERATOR_SET,
                host.opset()));
  }

  String logit(Placed placed) {
    AttentionProbe probe = (AttentionProbe) placed.signal();
    Activation tapped = scope.activation(placed.tap());
    Activation activation = probe.mlp() == null ? tapped : mlps.apply(probe.mlp(), tapped);
    String values = heads(probe.value(), probe, activation);
    if (!activation.perToken()) {
      return summed(values, probe); // One token, which has all the attention: [batch, heads].
    }
    Scope.Tokens tokens = scope.tokens(placed);
    return switch (probe.rule().kind()) {
      case ATTENTION ->
          summed(attention(tokens.mask(), heads(probe.query(), probe, activation), values), probe);
      case MULTIMAX ->
          summed(LogitPoolingGraph.greatest(graph, tokens.mask().real(), values), probe);
      case ROLLING_ATTENTION -> biased(rolling(tokens, probe, activation, values), probe);
    };
  }

  private String summed(String perHead, AttentionProbe probe) {
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
    String weights = softmax(real, graph.tokensLast(queries), 2);
    return graph.reduce(
        "ReduceSum", graph.node("Mul", List.of(weights, realOrZero(tokens, values))), 2, false);
  }

  /** {@code [batch, 1]}; in between {@code [batch, heads, tokens, window]}. */
  private String rolling(
      Scope.Tokens tokens, AttentionProbe probe, Activation activation, String values) {
    WindowGraph windows = tokens.windows();
    float window = probe.rule().window();
    WindowGraph.Windows each = windows.each(probe.rule().window());
    String queries =
        inWindows(each, windows.together(graph, heads(probe.query(), probe, activation)));
    String weights = softmax(each.within(), queries, 3);
    String weighted =
        graph.node("Mul", List.of(weights, inWindows(each, windows.together(graph, values))));
    String perWindow =
        graph.reduce("ReduceSum", graph.reduce("ReduceSum", weighted, 3, false), 1, false);
    String among =
        graph.node(
            "Where", List.of(windows.endsTogether(window), perWindow, graph.constant(-INFINITY)));
    return graph.reduce("ReduceMax", among, 1, true);
  }

  /** {@code [batch, tokens, heads]} as {@code [batch, heads, tokens, window]}. */
  private String inWindows(WindowGraph.Windows windows, String perToken) {
    return graph.node(
        "Gather",
        List.of(graph.tokensLast(perToken), windows.places()),
        OverlayGraph.integer("axis", 2));
  }

  private String softmax(String among, String queries, long lastAxis) {
    String masked = graph.node("Where", List.of(among, queries, graph.constant(-INFINITY)));
    return graph.node("Softmax", List.of(masked), OverlayGraph.integer("axis", lastAxis));
  }

  /** {@code [batch, heads, tokens]}; what padding holds may be no number. */
  private String realOrZero(TokenMask tokens, String values) {
    return graph.node(
        "Where",
        List.of(graph.unsqueeze(tokens.real(), 1), graph.tokensLast(values), graph.constant(0)));
  }

  private String biased(String logit, AttentionProbe probe) {
    return graph.node("Add", List.of(logit, graph.constant(probe.bias())));
  }
}
