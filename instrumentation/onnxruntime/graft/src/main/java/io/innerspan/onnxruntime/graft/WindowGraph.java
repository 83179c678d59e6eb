package io.innerspan.onnxruntime.graft;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The order of a row's real tokens: padding on either side, and between, takes no place. Either
 * real tokens are moved together, or a matrix {@code [tokens, tokens]} tells which of them lie in
 * the window that ends at each token. Needs operator set {@value #OPERATOR_SET}.
 */
final class WindowGraph {
  /** CumSum exists from here on. */
  static final int OPERATOR_SET = 11;

  private final OverlayGraph graph;
  private final TokenMask mask;
  private @Nullable String distance;
  private @Nullable String past;
  private @Nullable String places;
  private @Nullable String sources;
  private @Nullable String order;

  WindowGraph(OverlayGraph graph, TokenMask mask) {
    this.graph = graph;
    this.mask = mask;
  }

  /** Whether real tokens are together as they are. */
  boolean areTogether() {
    return mask.isEvery();
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
        places = graph.node("Neg", List.of(firstToLast()));
      }
    }
    return places;
  }

  /** From where among all rows' tokens each comes: integers {@code [batch, tokens]}. */
  String sources() {
    if (sources == null) {
      String ofRow = OverlayGraph.second(firstToLast());
      String zero = graph.longs(new long[] {0});
      String rows = graph.node("Range", List.of(zero, allTokens(), mask.length()));
      sources = graph.node("Add", List.of(ofRow, graph.unsqueeze(rows, 1)));
    }
    return sources;
  }

  /** The number of all rows' tokens together: a scalar integer. */
  String allTokens() {
    return graph.node("Mul", List.of(mask.rows(), mask.length()));
  }

  /** Sorts by how many real tokens come before, which moves padding to the end. */
  private String firstToLast() {
    if (order == null) {
      String backwards = graph.node("Neg", List.of(mask.ordinal()));
      String none = graph.constant(Float.NEGATIVE_INFINITY);
      String keys = graph.node("Where", List.of(mask.real(), backwards, none));
      String all = graph.unsqueeze(mask.length(), 0);
      order = graph.firstOfTwo("TopK", List.of(keys, all), OverlayGraph.integer("axis", 1));
    }
    return order;
  }

  /** How many real tokens after token k token j is, float {@code [batch, j, k]}. */
  String distance() {
    if (distance == null) {
      distance =
          graph.node(
              "Sub",
              List.of(graph.unsqueeze(mask.ordinal(), 2), graph.unsqueeze(mask.ordinal(), 1)));
    }
    return distance;
  }

  /** Whether token k is real and not after token j: bool {@code [batch, j, k]}. */
  String past() {
    if (past == null) {
      String future = graph.node("Less", List.of(distance(), graph.constant(0)));
      past =
          graph.node(
              "And", List.of(graph.node("Not", List.of(future)), graph.unsqueeze(mask.real(), 1)));
    }
    return past;
  }

  /** Whether token k is in the window that ends at token j: bool {@code [batch, j, k]}. */
  String within(float window) {
    String near = graph.node("Less", List.of(distance(), graph.constant(window)));
    return graph.node("And", List.of(past(), near));
  }

  /**
   * Whether a whole window ends at a token: bool {@code [batch, tokens]}. A row that is shorter
   * than the window has one, of all its tokens.
   */
  String ends(float window) {
    String tooEarly = graph.node("Less", List.of(mask.ordinal(), width(window)));
    return graph.node("And", List.of(mask.real(), graph.node("Not", List.of(tooEarly))));
  }

  /** The smaller of a window and a row's count of real tokens: float {@code [batch, 1]}. */
  String width(float window) {
    String limit = graph.constant(window);
    String fewer = graph.node("Less", List.of(mask.count(), limit));
    return graph.node("Where", List.of(fewer, mask.count(), limit));
  }
}
