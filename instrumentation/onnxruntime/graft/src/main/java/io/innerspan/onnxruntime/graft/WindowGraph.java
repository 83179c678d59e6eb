package io.innerspan.onnxruntime.graft;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The order of a row's real tokens, which are moved together: padding on either side, and between,
 * takes no place. Needs operator set {@value #OPERATOR_SET}.
 */
final class WindowGraph {
  /** CumSum exists from here on. */
  static final int OPERATOR_SET = 11;

  /**
   * The places of the window that ends at each place.
   *
   * @param places integers {@code [tokens, window]}, not below 0
   * @param within whether it is a place of the window, and not before the first: bool {@code
   *     [tokens, window]}
   */
  record Windows(String places, String within) {}

  private final OverlayGraph graph;
  private final TokenMask mask;
  private @Nullable String places;
  private @Nullable String sources;
  private @Nullable TopValues order;
  private final Map<Long, Windows> windows = new HashMap<>();

  WindowGraph(OverlayGraph graph, TokenMask mask) {
    this.graph = graph;
    this.mask = mask;
  }

  /**
   * The real tokens' numbers first, in their order, then zeros: both {@code [batch, tokens, n]}.
   *
   * @param branch the graph that has the numbers
   */
  String together(OverlayGraph branch, String perToken) {
    if (mask.isEvery()) {
      return perToken;
    }
    String shape = branch.node("Shape", List.of(perToken));
    String width = branch.node("Gather", List.of(shape, branch.longs(new long[] {2}, 1)));
    String all = branch.unsqueeze(allTokens(), 0);
    String rows = branch.node("Reshape", List.of(perToken, branch.concat(List.of(all, width), 0)));
    String moved = branch.node("Gather", List.of(rows, sources()), OverlayGraph.integer("axis", 0));
    String taken = branch.unsqueeze(taken(), 2);
    return branch.node("Where", List.of(taken, moved, branch.constant(0)));
  }

  /** Whether a place has a real token once these are together: bool {@code [batch, tokens]}. */
  String taken() {
    String none = graph.constant(Float.POSITIVE_INFINITY);
    return mask.isEvery() ? mask.real() : graph.node("Less", List.of(places(), none));
  }

  /**
   * Whether a whole window ends at a place once real tokens are together: bool {@code [batch,
   * tokens]}. A row that is shorter than the window has one, of all its tokens.
   */
  String endsTogether(float window) {
    String tooEarly = graph.node("Less", List.of(places(), width(window)));
    return graph.node("And", List.of(taken(), graph.node("Not", List.of(tooEarly))));
  }

  /** The window that ends at each place once real tokens are together. */
  Windows each(long window) {
    return windows.computeIfAbsent(window, this::windows);
  }

  private Windows windows(long window) {
    String zero = graph.longs(new long[] {0});
    String one = graph.longs(new long[] {1});
    String limit = graph.longs(new long[] {window});
    String width = graph.smaller(length(), limit);
    String from = graph.node("Sub", List.of(one, width));
    String ends = graph.unsqueeze(graph.node("Range", List.of(zero, length(), one)), 1);
    String places = graph.node("Add", List.of(ends, graph.node("Range", List.of(from, one, one))));
    String before = graph.node("Less", List.of(places, zero));
    String within = graph.node("Not", List.of(before));
    return new Windows(graph.node("Where", List.of(before, zero, places)), within);
  }

  /** The number of tokens, with padding: a scalar integer. */
  String length() {
    return mask.length();
  }

  /** From 1, and infinite beyond the real tokens: float {@code [batch, tokens]}. */
  private String places() {
    if (places == null) {
      if (mask.isEvery()) {
        places = mask.ordinal();
      } else {
        places = graph.node("Neg", List.of(firstToLast().values()));
      }
    }
    return places;
  }

  /** From where among all rows' tokens each comes: integers {@code [batch, tokens]}. */
  private String sources() {
    if (sources == null) {
      String ofRow = firstToLast().indices();
      String zero = graph.longs(new long[] {0});
      String rows = graph.node("Range", List.of(zero, allTokens(), mask.length()));
      sources = graph.node("Add", List.of(ofRow, graph.unsqueeze(rows, 1)));
    }
    return sources;
  }

  /** The number of all rows' tokens together: a scalar integer. */
  private String allTokens() {
    return graph.node("Mul", List.of(mask.rows(), mask.length()));
  }

  /** Sorts by how many real tokens come before, which moves padding to the end. */
  private TopValues firstToLast() {
    if (order == null) {
      String backwards = graph.node("Neg", List.of(mask.ordinal()));
      String none = graph.constant(Float.NEGATIVE_INFINITY);
      String keys = graph.node("Where", List.of(mask.real(), backwards, none));
      String all = graph.unsqueeze(mask.length(), 0);
      order = TopValues.of(graph, keys, all, 1, 2);
    }
    return order;
  }

  /** The smaller of a window and a row's count of real tokens: float {@code [batch, 1]}. */
  String width(float window) {
    return graph.node("Min", List.of(mask.count(), graph.constant(window)));
  }
}
