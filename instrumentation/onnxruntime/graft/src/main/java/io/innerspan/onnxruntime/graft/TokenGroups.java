package io.innerspan.onnxruntime.graft;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which signals see the same tokens: all of them in most models, but not in one with an encoder and
 * a decoder, nor in one that makes its images smaller from layer to layer.
 */
final class TokenGroups {
  /** Stands for one token per row. */
  private static final List<Object> ROWS = List.of();

  private final OverlayGraph graph;
  private final Host host;
  private final Map<List<Object>, TokenChoice> choices = new LinkedHashMap<>();

  TokenGroups(OverlayGraph graph, Host host) {
    this.graph = graph;
    this.host = host;
  }

  /** Signals by the tokens that they see; those of whole rows go with the first others. */
  List<List<Placed>> split(List<Placed> signals) {
    Map<List<Object>, List<Placed>> groups = new LinkedHashMap<>();
    List<Object> first =
        signals.stream()
            .map(placed -> key(placed.tap()))
            .filter(key -> !key.isEmpty())
            .findFirst()
            .orElse(ROWS);
    for (Placed placed : signals) {
      List<Object> key = key(placed.tap());
      groups.computeIfAbsent(key.isEmpty() ? first : key, any -> new ArrayList<>()).add(placed);
    }
    return List.copyOf(groups.values());
  }

  /** The tokens that the signals of a group see, or null when each row counts as one. */
  @Nullable TokenChoice of(List<Placed> group) {
    for (Placed placed : group) {
      TokenSource source = source(placed.tap());
      if (source != null) {
        return choices.computeIfAbsent(
            key(placed.tap()),
            any ->
                new TokenChoice(
                    graph, new TokenMask(graph, source, like(placed.tap())), host.ids()));
      }
    }
    return null;
  }

  /** The number of real tokens of each row, float {@code [batch, 1]}. */
  String count(TapPoint any) {
    if (!choices.isEmpty()) {
      return choices.values().iterator().next().real().mask().count();
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

  private @Nullable TokenSource source(TapPoint tap) {
    return switch (tap.layout()) {
      case TOKENS, CHANNELS, PATTERN -> host.model().tokens(tap).source();
      case ROWS, OTHER -> null;
    };
  }

  private List<Object> key(TapPoint tap) {
    TokenSource source = source(tap);
    if (source == null) {
      return ROWS;
    }
    if (source.mask() != null && !source.last()) {
      return List.of(source);
    }
    // Dimensions of one name or size are the same wherever they are.
    List<Dimension> shape = tap.tensor().shape();
    Dimension length =
        tap.layout() != TapPoint.Layout.TOKENS || shape == null ? null : shape.get(1);
    boolean known = length != null && (length.isFixed() || length.symbol() != null);
    return List.of(source, known ? length : tap.tensor().name());
  }

  private static TokenMask.Like like(TapPoint tap) {
    int[] axes =
        switch (tap.layout()) {
          case CHANNELS -> IntStream.range(2, tap.tensor().rank()).toArray();
          case PATTERN -> new int[] {2};
          case TOKENS, ROWS, OTHER -> new int[] {1};
        };
    return new TokenMask.Like(tap.tensor().name(), axes);
  }
}
