package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.TokenSelection;
import java.util.HashMap;
import java.util.Map;

/**
 * What the signals of one graph, or of one branch of it, share: the activations that they read, and
 * which tokens take part. What concerns tokens lies in the whole graph, where every branch sees it.
 */
final class Scope {
  private final OverlayGraph graph;
  private final OverlayGraph whole;
  private final Host host;
  private final Map<TokenSelection, Tokens> tokens;
  private final Map<String, Activation> activations = new HashMap<>();

  /** What is known of the tokens of a row that take part. */
  record Tokens(TokenMask mask, TokenRows rows, WindowGraph windows) {
    static Tokens of(OverlayGraph graph, TokenMask mask) {
      return new Tokens(mask, new TokenRows(graph, mask), new WindowGraph(graph, mask));
    }
  }

  /** The scope of the whole graph. */
  Scope(OverlayGraph whole, Host host) {
    this(whole, whole, host, new HashMap<>());
  }

  private Scope(
      OverlayGraph graph, OverlayGraph whole, Host host, Map<TokenSelection, Tokens> tokens) {
    this.graph = graph;
    this.whole = whole;
    this.host = host;
    this.tokens = tokens;
  }

  /** The same for a branch of the graph. */
  Scope branch(OverlayGraph branch) {
    return new Scope(branch, whole, host, tokens);
  }

  OverlayGraph graph() {
    return graph;
  }

  Host host() {
    return host;
  }

  /** The tokens that a signal looks at. */
  Tokens tokens(Placed placed) {
    return tokens(placed.signal().tokens());
  }

  /** All real tokens where a signal looks, those of excluded ids among them. */
  Tokens real(Placed placed) {
    return tokens(TokenSelection.ALL);
  }

  /** The real tokens of one id where a signal looks. */
  Tokens ofId(Placed placed, long id) {
    return Tokens.of(whole, real(placed).mask().only(ids(), id));
  }

  private Tokens tokens(TokenSelection selection) {
    TensorInfo mask = host.mask();
    if (mask == null) {
      throw new IllegalStateException("tokens are pooled without a mask");
    }
    Tokens known = tokens.get(selection);
    if (known == null) {
      known =
          Tokens.of(
              whole,
              selection.isAll()
                  ? new TokenMask(whole, mask)
                  : tokens(TokenSelection.ALL).mask().without(ids(), selection));
      tokens.put(selection, known);
    }
    return known;
  }

  private TensorInfo ids() {
    TensorInfo ids = host.ids();
    if (ids == null) {
      throw new IllegalStateException("tokens are told by ids that the model does not take");
    }
    return ids;
  }

  /** The activation at a tap, in single precision. */
  Activation activation(TapPoint tap) {
    return activations.computeIfAbsent(
        tap.tensor().name(),
        name ->
            new Activation(
                tap.tensor().type() == ElementType.FLOAT
                    ? name
                    : graph.cast(name, ElementType.FLOAT),
                Host.isPerToken(tap)));
  }
}
