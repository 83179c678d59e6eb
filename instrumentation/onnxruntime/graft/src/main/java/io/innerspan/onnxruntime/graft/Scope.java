package io.innerspan.onnxruntime.graft;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the signals of one graph, or of one branch of it, share: the activations that they read, and
 * which tokens are real. What concerns tokens lies in the whole graph, where every branch sees it.
 */
final class Scope {
  private final OverlayGraph graph;
  private final @Nullable TokenChoice tokens;
  private final Map<String, Activation> activations = new HashMap<>();

  /** What is known of the tokens of a row that take part. */
  record Tokens(TokenMask mask, TokenRows rows, WindowGraph windows) {
    static Tokens of(OverlayGraph graph, TokenMask mask) {
      return new Tokens(mask, new TokenRows(graph, mask), new WindowGraph(graph, mask));
    }
  }

  /**
   * @param tokens null only where no activation is per token
   */
  Scope(OverlayGraph graph, @Nullable TokenChoice tokens) {
    this.graph = graph;
    this.tokens = tokens;
  }

  OverlayGraph graph() {
    return graph;
  }

  /** The tokens that a signal looks at. */
  Tokens tokens(Placed placed) {
    return choice().of(placed.signal().tokens());
  }

  /** All real tokens where signals look, those of excluded ids among them. */
  Tokens real() {
    return choice().real();
  }

  /** All real tokens that attention can look at, those of a cache among them. */
  Tokens keys() {
    return choice().keys();
  }

  /** The real tokens of one id where signals look. */
  Tokens ofId(long id) {
    return choice().ofId(id);
  }

  private TokenChoice choice() {
    if (tokens == null) {
      throw new IllegalStateException("tokens are pooled without a mask");
    }
    return tokens;
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
