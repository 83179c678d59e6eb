package io.innerspan.onnxruntime.graft;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the signals of one graph, or of one branch of it, share: the activations that they read, and
 * which tokens take part. What concerns tokens lies where every branch that needs it sees it.
 */
final class Scope {
  private final OverlayGraph graph;
  private final TokenGroups groups;
  private final Map<String, Activation> activations = new HashMap<>();

  /** What is known of the tokens of a row that take part. */
  record Tokens(TokenMask mask, TokenRows rows, WindowGraph windows) {
    static Tokens of(OverlayGraph graph, TokenMask mask) {
      return new Tokens(mask, new TokenRows(graph, mask), new WindowGraph(graph, mask));
    }
  }

  Scope(OverlayGraph graph, TokenGroups groups) {
    this.graph = graph;
    this.groups = groups;
  }

  OverlayGraph graph() {
    return graph;
  }

  Host host() {
    return groups.host();
  }

  /** The tokens that a signal looks at. */
  Tokens tokens(Placed placed) {
    return groups.of(placed.tap(), placed.signal().tokens());
  }

  /** All real tokens where a signal looks, those of excluded ids among them. */
  Tokens real(Placed placed) {
    return groups.real(placed.tap(), placed.signal().tokens());
  }

  /** The real tokens of one id where a signal looks. */
  Tokens ofId(Placed placed, long id) {
    return groups.only(placed.tap(), placed.signal().tokens(), id);
  }

  /** The real tokens that an attention pattern looks at. */
  Tokens keys(Placed pattern) {
    return groups.keys(pattern.tap(), pattern.signal().tokens());
  }

  /** The activation at a tap, in single precision. */
  Activation activation(TapPoint tap) {
    return activations.computeIfAbsent(
        tap.tensor().name(),
        name -> new Activation(positionsSecond(tap, inSinglePrecision(tap)), tap.perToken()));
  }

  private String inSinglePrecision(TapPoint tap) {
    String name = tap.tensor().name();
    return tap.tensor().type() == ElementType.FLOAT ? name : graph.cast(name, ElementType.FLOAT);
  }

  /** {@code [batch, channels, height, width]} has one position per pixel. */
  private String positionsSecond(TapPoint tap, String tensor) {
    if (tap.layout() != TapPoint.Layout.CHANNELS) {
      return tensor;
    }
    String flat =
        tap.tensor().rank() == 3
            ? tensor
            : graph.node("Reshape", List.of(tensor, graph.longs(new long[] {0, 0, -1}, 3)));
    return graph.tokensLast(flat);
  }
}
