package io.innerspan.onnxruntime.graft;

import io.innerspan.signals.TokenSelection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Which tokens signals see, worked out once each: the same for all of them in most models, but not
 * in one with an encoder and a decoder, nor in one that makes its images smaller from layer to
 * layer, nor where signals leave out different ids.
 */
final class TokenGroups {
  private final OverlayGraph graph;
  private final Host host;
  private final Map<List<Object>, Scope.Tokens> real = new LinkedHashMap<>();
  private final Map<List<Object>, Scope.Tokens> selected = new HashMap<>();

  TokenGroups(OverlayGraph graph, Host host) {
    this.graph = graph;
    this.host = host;
  }

  Host host() {
    return host;
  }

  /** All real tokens of a tap that has tokens, those that are not selected among them. */
  Scope.Tokens real(TapPoint tap, TokenSelection selection) {
    return real(source(tap, selection), tap, tokenAxes(tap));
  }

  /** Those of a tap's real tokens that are selected. */
  Scope.Tokens of(TapPoint tap, TokenSelection selection) {
    Scope.Tokens all = real(tap, selection);
    return selection.isAll()
        ? all
        : selected.computeIfAbsent(
            List.of(all, selection), any -> tokens(all.mask().without(ids(), selection)));
  }

  /** Those of a tap's real tokens that have an id. */
  Scope.Tokens only(TapPoint tap, TokenSelection selection, long id) {
    Scope.Tokens all = real(tap, selection);
    return selected.computeIfAbsent(List.of(all, id), any -> tokens(all.mask().only(ids(), id)));
  }

  /** The real tokens that an attention pattern looks at: with a cache, earlier ones too. */
  Scope.Tokens keys(TapPoint pattern, TokenSelection selection) {
    return real(new TokenSource(source(pattern, selection).mask(), false), pattern, 3);
  }

  private Scope.Tokens real(TokenSource source, TapPoint tap, int... axes) {
    return real.computeIfAbsent(
        key(source, tap, axes),
        any -> tokens(new TokenMask(graph, source, new TokenMask.Like(tap.tensor().name(), axes))));
  }

  private Scope.Tokens tokens(TokenMask mask) {
    return Scope.Tokens.of(graph, mask);
  }

  /** The number of real tokens of each row, float {@code [batch, 1]}. */
  String count(TapPoint any) {
    if (!real.isEmpty()) {
      return real.values().iterator().next().mask().count();
    }
    TokenSource source = host.model().tokens(any).source();
    if (source != null && source.last()) {
      return new TokenMask(graph, source, new TokenMask.Like(any.tensor().name(), tokenAxes(any)))
          .count();
    }
    for (TensorInfo input : host.model().inputs()) {
      if (input.name().equals(host.model().maskInput())) {
        TokenMask.Like like = new TokenMask.Like(input.name(), new int[] {1});
        return new TokenMask(graph, new TokenSource(input, false), like).count();
      }
    }
    // Without a mask every activation is one token per row.
    String shape = graph.node("Shape", List.of(any.tensor().name()));
    String batch = graph.node("Gather", List.of(shape, graph.longs(new long[] {0}, 1)));
    String column = graph.longs(new long[] {1}, 1);
    String size = graph.node("Concat", List.of(batch, column), OverlayGraph.integer("axis", 0));
    return graph.node("ConstantOfShape", List.of(size), OverlayGraph.oneFloat("value", 1));
  }

  private TensorInfo ids() {
    TensorInfo ids = host.ids();
    if (ids == null) {
      throw new IllegalStateException("tokens are told by ids that the model does not take");
    }
    return ids;
  }

  private TokenSource source(TapPoint tap, TokenSelection selection) {
    TokenSource source = host.source(tap, selection);
    if (source == null) {
      throw new IllegalStateException("tokens are pooled without a mask");
    }
    return source;
  }

  private static List<Object> key(TokenSource source, TapPoint tap, int... axes) {
    if (source.mask() != null && !source.last()) {
      return List.of(source);
    }
    // Dimensions of one name or size are the same wherever they are.
    List<Dimension> shape = tap.tensor().shape();
    Dimension length = axes.length > 1 || shape == null ? null : shape.get(axes[0]);
    boolean known = length != null && (length.isFixed() || length.symbol() != null);
    return List.of(source, known ? length : tap.tensor().name() + " " + axes[0]);
  }

  private static int[] tokenAxes(TapPoint tap) {
    return switch (tap.layout()) {
      case CHANNELS -> IntStream.range(2, tap.tensor().rank()).toArray();
      // Other four dimensions that a signal takes for a pattern have their queries there too.
      case PATTERN, OTHER -> new int[] {2};
      case TOKENS, ROWS -> new int[] {1};
    };
  }
}
